// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.isa.systolic.SystolicCounter;

/** The performance counters, 64 bits each, cleared at the start of a run. */
final class Counters {
  private Counters() {}

  static VerilogModule module() {
    StringBuilder ports = new StringBuilder();
    StringBuilder clear = new StringBuilder();
    StringBuilder count = new StringBuilder();
    StringBuilder registers = new StringBuilder();
    StringBuilder select = new StringBuilder();
    for (SystolicCounter c : SystolicCounter.values()) {
      String name = signal(c);
      boolean beats = c == SystolicCounter.READ_BEATS;
      ports.append("    input logic %s%s,\n".formatted(beats ? "[15:0] " : "", name));
      registers.append("  logic [63:0] count_%s;\n".formatted(name));
      clear.append("      count_%s <= '0;\n".formatted(name));
      count.append("      count_%1$s <= count_%1$s + 64'(%1$s);\n".formatted(name));
      select.append("      7'd%d: value = count_%s;\n".formatted(c.ordinal(), name));
    }
    return new VerilogModule(
        "systolic_counters",
        """
        module systolic_counters (
            input logic clk,
            input logic rst_n,
            input logic start,
            input logic running,
        %s    input logic [6:0] index,
            output logic [63:0] value
        );
        %s
          always_ff @(posedge clk)
            if (!rst_n || start) begin
        %s    end else if (running) begin
        %s    end

          always_comb
            case (index)
        %s      default: value = '0;
            endcase
        endmodule
        """
            .formatted(ports, registers, clear, count, select));
  }

  /** The counter's name as a signal. */
  static String signal(SystolicCounter counter) {
    return counter.key().replace('.', '_');
  }
}
