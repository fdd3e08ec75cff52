// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import lockstep.compiler.graph.Encoding;
import lockstep.isa.FixedPoint;

/**
 * The logarithm of softmax of a row of 1 to 4096 codes, {@code x - max - ln(sum exp(x - max))}, in
 * operations of 32-bit lanes, as docs/vliw.md has them; nothing wraps or saturates.
 *
 * <pre>
 * m, A, B, S, r, p as in {@link IntegerSoftmax}: the sum of the exponentials is S / 2^14
 * v    = 2^17 - r                                     0 to 2^16
 * c    = a[6];  c = a[k] + scale(c, v, 16), k = 5 .. 0      below 2^24 in magnitude; -2^24 ln(r / 2^17)
 * T    = (p - 14) 11629080 + c                        -2^24 to 2^28: 2^24 times the sum's logarithm
 * U    = scale(T, 1, 24 - u)                          2^28
 * x[i] = K (q[i] - m) - U                             2^30 + 2^28 in magnitude
 * y[i] = clamp(scale(x[i], M, s) + zero, min, max)
 * </pre>
 *
 * <p>{@code a = 16, 8387095, 2120794, 563759, 618204, -346525, 285709}: the polynomial through
 * {@code -ln(1 - w / 2)} at the seven Chebyshev points of 0 to 1, at most 1.8e-6 off. {@code u} is
 * the greatest number up to 24 with {@code 255 x 2^u x inputScale <= 2^30}; {@code K = round(2^u
 * inputScale)}; {@code M 2^-s = 2^-u / outputScale} as {@link FixedPoint#scale} has it.
 *
 * <p>Off by at most half a code for the last rounding; the logarithm by N / 2^23 + 5e-5, which is
 * below 0.2 codes if the output's scale is at least 2^-8; K by 2^-u x 128.
 */
public final class IntegerLogSoftmax {
  /** The least scale of an output. */
  public static final double FINEST_OUTPUT = 0x1p-8;

  /** The greatest scale of an output. */
  public static final double COARSEST_OUTPUT = 0x1p10;

  /** The greatest scale of an input. */
  public static final double COARSEST_INPUT = 0x1p10;

  private static final int[] POLYNOMIAL = {16, 8387095, 2120794, 563759, 618204, -346525, 285709};
  private static final int LN_2 = 11629080;
  private static final int POINT = 24;
  private static final int RECIPROCAL_POINT = 17;
  private static final int PLACE_POINT = 16;
  private static final int SUM_SHIFT = 8;

  private final ExponentialTables tables;
  private final FixedPoint.Scale scale;
  private final Encoding output;
  private final int point;
  private final int factor;

  /**
   * @throws IllegalArgumentException if {@link #fits} does not hold
   */
  public IntegerLogSoftmax(double inputScale, Encoding output) {
    if (!fits(inputScale, output)) {
      throw new IllegalArgumentException("log-softmax from scale " + inputScale + " to " + output);
    }
    this.tables = ExponentialTables.of(inputScale);
    this.output = output;
    int bits = POINT;
    while (Math.scalb(255 * inputScale, bits) > 0x1p30) {
      bits--;
    }
    point = bits;
    factor = (int) Math.rint(Math.scalb(inputScale, point));
    scale = FixedPoint.scale(Math.scalb(1 / output.scale(), -point));
  }

  /** Whether the scales are within the definition. */
  public static boolean fits(double inputScale, Encoding output) {
    return inputScale > 0
        && inputScale <= COARSEST_INPUT
        && output.scale() >= FINEST_OUTPUT
        && output.scale() <= COARSEST_OUTPUT
        && output.bits() <= Byte.SIZE;
  }

  /**
   * @param row 1 to {@link IntegerSoftmax#LONGEST} codes
   */
  public byte[] apply(byte[] row) {
    if (row.length == 0 || row.length > IntegerSoftmax.LONGEST) {
      throw new IllegalArgumentException("log-softmax of " + row.length + " codes");
    }
    int most = Byte.MIN_VALUE;
    for (byte code : row) {
      most = Math.max(most, code);
    }
    int high = 0;
    int low = 0;
    for (byte code : row) {
      high += tables.high(code - most + Byte.MAX_VALUE);
      low += tables.low(code - most + Byte.MAX_VALUE);
    }
    int logarithm = Lanes.scale(logarithm(high + Lanes.scale(low, 1, SUM_SHIFT)), 1, POINT - point);
    byte[] result = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      int x = factor * (row[i] - most) - logarithm;
      result[i] =
          Lanes.narrow(
              Lanes.scale(x, scale.multiplier(), scale.shift()),
              output.zeroPoint(),
              output.least(),
              output.greatest());
    }
    return result;
  }

  /** T. */
  private static int logarithm(int sum) {
    int place = (1 << RECIPROCAL_POINT) - Lanes.reciprocal(sum);
    int c = POLYNOMIAL[POLYNOMIAL.length - 1];
    for (int k = POLYNOMIAL.length - 2; k >= 0; k--) {
      c = POLYNOMIAL[k] + Lanes.scale(c, place, PLACE_POINT);
    }
    return (Lanes.position(sum) - (ExponentialTables.POINT - SUM_SHIFT)) * LN_2 + c;
  }

  /** The tables of t2, t1 and t0. */
  public ExponentialTables tables() {
    return tables;
  }

  /** a. */
  public static int[] polynomial() {
    return POLYNOMIAL.clone();
  }

  /** u. */
  public int point() {
    return point;
  }

  /** K. */
  public int factor() {
    return factor;
  }

  /** M and s. */
  public FixedPoint.Scale scale() {
    return scale;
  }
}
