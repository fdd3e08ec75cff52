// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

/**
 * {@code E[d] = round(2^22 exp(scale (d - 127)))} for the codes d of a byte, as three tables of
 * signed bytes: {@code E = 2^16 top + 2^8 middle + low}, {@code 0 <= E <= 2^22}. It is 2^22 only
 * where the rounded exponential is 1, which is at {@code d = 127} and where the scale is tiny.
 *
 * @param top from 0 to 64, by code from -128
 * @param middle from -128 to 127
 * @param low from -128 to 127
 */
public record ExponentialTables(byte[] top, byte[] middle, byte[] low) {
  /** Bits behind the point. */
  public static final int POINT = 22;

  private static final int CODES = 256;

  static ExponentialTables of(double scale) {
    ExponentialTables tables =
        new ExponentialTables(new byte[CODES], new byte[CODES], new byte[CODES]);
    for (int i = 0; i < CODES; i++) {
      int value = (int) Math.rint(Math.scalb(Math.exp(scale * (i - (CODES - 1))), POINT));
      tables.low[i] = (byte) value;
      int rest = (value - tables.low[i]) >> Byte.SIZE;
      tables.middle[i] = (byte) rest;
      tables.top[i] = (byte) ((rest - tables.middle[i]) >> Byte.SIZE);
    }
    return tables;
  }

  /** {@code 2^8 top + middle}. */
  int high(int code) {
    int i = code - Byte.MIN_VALUE;
    return (top[i] << Byte.SIZE) + middle[i];
  }

  int low(int code) {
    return low[code - Byte.MIN_VALUE];
  }
}
