// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/** The six token counters between load, execute and store. */
final class Tokens {
  private static final String[] UNITS = {"load", "execute", "store"};

  private Tokens() {}

  static VerilogModule module(Sizes sizes) {
    StringBuilder ports = new StringBuilder();
    StringBuilder counters = new StringBuilder();
    for (String unit : UNITS) {
      ports.append("    input logic %1$s_take,\n    input logic %1$s_retire,\n".formatted(unit));
    }
    for (String to : UNITS) {
      for (String from : UNITS) {
        if (!to.equals(from)) {
          ports.append(PORTS.formatted(to, from));
          counters.append(COUNTER.formatted(to, from));
        }
      }
    }
    return VerilogModule.of(
        sizes,
        "module systolic_tokens (\n"
            + "    input logic clk,\n"
            + "    input logic rst_n,\n"
            + "    input logic start,\n"
            + ports.substring(0, ports.length() - 2)
            + "\n);\n"
            + counters
            + "endmodule\n");
  }

  private static final String PORTS =
      """
          input logic [WAIT_BITS-1:0] %1$s_wait_%2$s,
          input logic %2$s_signal_%1$s,
          output logic %1$s_short_of_%2$s,
      """;

  private static final String COUNTER =
      """
        logic [7:0] %2$s_to_%1$s;

        assign %1$s_short_of_%2$s = %2$s_to_%1$s < 8'(%1$s_wait_%2$s);

        always_ff @(posedge clk)
          if (!rst_n || start) %2$s_to_%1$s <= '0;
          else
            %2$s_to_%1$s <= %2$s_to_%1$s - (%1$s_take ? 8'(%1$s_wait_%2$s) : '0)
                + 8'(%2$s_retire && %2$s_signal_%1$s);

      """;
}
