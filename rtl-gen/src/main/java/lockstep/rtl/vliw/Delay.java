// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** Results on their way: so many stages that advance with each step; none is a wire. */
final class Delay {
  private Delay() {}

  /** The module; instances set its width and its stages. */
  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT).withParameter("STAGES", 1).withParameter("WIDTH", 8);
  }

  private static final String TEXT =
      """
      module @FAMILY@_delay (
          input logic clk,
          input logic clear,
          input logic step,
          input logic valid,
          input logic [WIDTH-1:0] value,
          output logic later_valid,
          output logic [WIDTH-1:0] later_value
      );
        if (STAGES == 0) begin : g_none
          wire unused = &{1'b0, clk, clear, step};
          assign later_valid = valid;
          assign later_value = value;
        end else begin : g_stages
          logic valids[0:STAGES-1];
          logic [WIDTH-1:0] values[0:STAGES-1];

          assign later_valid = valids[STAGES-1];
          assign later_value = values[STAGES-1];

          always_ff @(posedge clk)
            if (clear) begin
              for (int i = 0; i < STAGES; i++) valids[i] <= 1'b0;
            end else if (step) begin
              valids[0] <= valid;
              for (int i = 1; i < STAGES; i++) valids[i] <= valids[i-1];
            end

          always_ff @(posedge clk)
            if (step) begin
              values[0] <= value;
              for (int i = 1; i < STAGES; i++) values[i] <= values[i-1];
            end
        end
      endmodule
      """;
}
