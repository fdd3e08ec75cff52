// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import java.util.List;
import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/** The performance counters, 64 bits each, cleared at the start of a run. */
public final class Counters {
  private Counters() {}

  /**
   * The module of a family.
   *
   * @param counters in the order of their registers
   */
  public static VerilogModule module(String family, List<Counter> counters) {
    StringBuilder ports = new StringBuilder();
    StringBuilder clear = new StringBuilder();
    StringBuilder count = new StringBuilder();
    StringBuilder registers = new StringBuilder();
    StringBuilder select = new StringBuilder();
    for (int i = 0; i < counters.size(); i++) {
      Counter c = counters.get(i);
      String name = c.signal();
      ports.append("    input logic %s%s,\n".formatted(c.range(), name));
      registers.append("  logic [63:0] count_%s;\n".formatted(name));
      clear.append("      count_%s <= '0;\n".formatted(name));
      count.append("      count_%1$s <= count_%1$s + 64'(%1$s);\n".formatted(name));
      select.append("      7'd%d: value = count_%s;\n".formatted(i, name));
    }
    return new VerilogModule(
        family + "_counters",
        """
        module %s_counters (
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
            .formatted(family, ports, registers, clear, count, select));
  }

  /**
   * The counters in the template of a machine's top, with the event that each of them counts.
   *
   * @param events an expression for each counter, in the order of their registers
   */
  public static String instance(Map<Counter, String> events) {
    StringBuilder wires = new StringBuilder();
    StringBuilder connections = new StringBuilder();
    events.forEach(
        (c, event) -> {
          wires.append("  wire %sevent_%s = %s;\n".formatted(c.range(), c.signal(), event));
          connections.append("      .%1$s(event_%1$s),\n".formatted(c.signal()));
        });
    return """
      // one event for each performance counter
    %s
      @FAMILY@_counters counters (
          .clk(clk),
          .rst_n(rst_n),
          .start(start),
          .running(busy),
    %s      .index(counter_index),
          .value(counter)
      );
    """
        .formatted(wires, connections);
  }
}
