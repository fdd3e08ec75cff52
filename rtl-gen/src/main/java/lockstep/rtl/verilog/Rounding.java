// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.verilog;

import java.util.Map;

/**
 * A product of 64 bits shifted right, rounded half to even, and whether it leaves 32 bits: as
 * {@code lockstep.isa.FixedPoint.requantise} has it, in the text of units that requantise.
 */
public final class Rounding {
  private Rounding() {}

  /**
   * Wires {@code scaled}, {@code scaled_high} and {@code scaled_low}.
   *
   * @param product signal of 64 bits, signed
   * @param shift signal of 6 bits
   */
  public static String text(String product, String shift) {
    return VerilogModule.fill(TEXT, Map.of("PRODUCT", product, "SHIFT", shift));
  }

  private static final String TEXT =
      """
        wire signed [63:0] product_down = @PRODUCT@ >>> @SHIFT@;
        wire [63:0] product_below = @PRODUCT@ & (~({64{1'b1}} << @SHIFT@) >> 1);
        wire product_half = @SHIFT@ != '0 && @PRODUCT@[@SHIFT@-6'd1];
        wire product_up = product_half && (product_below != '0 || product_down[0]);
        wire signed [63:0] scaled = product_down + 64'(product_up);
        wire scaled_high = scaled > 64'sd2147483647;
        wire scaled_low = scaled < -64'sd2147483648;
      """;
}
