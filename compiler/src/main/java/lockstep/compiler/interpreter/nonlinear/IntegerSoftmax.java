// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import lockstep.compiler.graph.Encoding;
import lockstep.isa.FixedPoint;

/**
 * Softmax of a row of 1 to 4096 codes, in operations of 32-bit lanes ({@code scale}, {@code
 * reciprocal} and byte tables as docs/vliw.md has them; every value below fits 32 bits with a sign
 * unless it says otherwise, so nothing wraps or saturates).
 *
 * <pre>
 * m    = max q[i]
 * d[i] = q[i] - m + 127                                    from -128 to 127: a code
 * t2, t1, t0 = three byte tables at d[i]                   {@link ExponentialTables}
 * h[i] = 2^8 t2 + t1                                       0 to 2^14
 * e[i] = 2^8 h[i] + t0                                     0 to 2^22
 * A = sum h[i],  B = sum t0                                0 to 2^26;  -2^19 to 2^19
 * S = A + scale(B, 1, 8)     = rne(sum e[i] / 2^8)         2^14 to 2^26, since some e[i] is 2^22
 * r = reciprocal(S), p its position                        2^16 to 2^17; 14 to 26
 * R = scale(r, M, 17)                                      2^22 - 1 to 2^24 - 1, as r is at most 2^17
 * y[i] = clamp(scale(e[i], R, p + 8 + s) + zero, min, max)      shift 22 + s to 34 + s
 * </pre>
 *
 * <p>{@code M 2^-s = 1 / outputScale} as {@link FixedPoint#scale} has it. For output scales from
 * 2^-18 to 16, s is from 5 to 27, so the shift is from 27 to 61. The input's zero point cancels.
 *
 * <p>Off by at most half a code for the last rounding; for the table 2^-5 codes and N / 2^23 of the
 * result; 2^-15 for S, 1.7e-5 for r, 2^-22 for R: below 0.7 codes in all where the result has at
 * most 256 codes.
 */
public final class IntegerSoftmax {
  /** The longest row. */
  public static final int LONGEST = 4096;

  /** The least scale of an output: at a finer one the rounding of the tables would be seen. */
  public static final double FINEST_OUTPUT = 0x1p-18;

  /** The greatest scale of an output. */
  public static final double COARSEST_OUTPUT = 16;

  private static final int SUM_SHIFT = 8;
  private static final int RECIPROCAL_POINT = 17;

  private final ExponentialTables tables;
  private final FixedPoint.Scale scale;
  private final Encoding output;

  /**
   * @param inputScale positive
   * @param output its scale from {@link #FINEST_OUTPUT} to {@link #COARSEST_OUTPUT}
   */
  public IntegerSoftmax(double inputScale, Encoding output) {
    if (!fits(inputScale, output)) {
      throw new IllegalArgumentException("softmax from scale " + inputScale + " to " + output);
    }
    this.tables = ExponentialTables.of(inputScale);
    this.scale = FixedPoint.scale(1 / output.scale());
    this.output = output;
  }

  /** Whether the scales are within the definition. */
  public static boolean fits(double inputScale, Encoding output) {
    return inputScale > 0
        && output.scale() >= FINEST_OUTPUT
        && output.scale() <= COARSEST_OUTPUT
        && output.bits() <= Byte.SIZE;
  }

  /**
   * @param row 1 to {@link #LONGEST} codes
   */
  public byte[] apply(byte[] row) {
    if (row.length == 0 || row.length > LONGEST) {
      throw new IllegalArgumentException("softmax of " + row.length + " codes");
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
    int sum = high + Lanes.scale(low, 1, SUM_SHIFT);
    int factor = Lanes.scale(Lanes.reciprocal(sum), scale.multiplier(), RECIPROCAL_POINT);
    int shift = Lanes.position(sum) + SUM_SHIFT + scale.shift();
    byte[] result = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      int code = row[i] - most + Byte.MAX_VALUE;
      int e = (tables.high(code) << SUM_SHIFT) + tables.low(code);
      result[i] =
          Lanes.narrow(
              Lanes.scale(e, factor, shift), output.zeroPoint(), output.least(), output.greatest());
    }
    return result;
  }

  /** The tables of t2, t1 and t0. */
  public ExponentialTables tables() {
    return tables;
  }

  /** M and s. */
  public FixedPoint.Scale scale() {
    return scale;
  }
}
