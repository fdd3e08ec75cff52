// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.Rounding;
import lockstep.rtl.verilog.VerilogModule;

/** One lane of requantisation: times a multiplier, shifted right, half to even, saturated. */
final class Scale {
  private Scale() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, HEAD + Rounding.text("product", "shift") + TAIL);
  }

  private static final String HEAD =
      """
      module @FAMILY@_scale (
          input logic signed [31:0] value,
          input logic [23:0] multiplier,
          input logic [5:0] shift,
          output logic [31:0] result
      );
        wire signed [24:0] scale = {1'b0, multiplier};
        wire signed [63:0] product = 64'(value) * 64'(scale);
      """;

  private static final String TAIL =
      """

        assign result = scaled_high ? 32'h7fffffff : scaled_low ? 32'h80000000 : scaled[31:0];
      endmodule
      """;
}
