// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import lockstep.compiler.graph.Encoding;
import lockstep.isa.FixedPoint;
import lockstep.isa.InterpolatedTable;

/**
 * Layer normalisation of a row of N codes: {@code gamma (x - mean) / sqrt(variance + epsilon) +
 * beta}.
 *
 * <pre>
 * A    = sum q[i],  B = sum q[i]^2                        20 and 27 bits for N = 4096
 * d[i] = N q[i] - A                                       signed, 21 bits; the zero point cancels
 * W    = (N B - A^2) 2^16 + C,  C = round(2^16 N^2 epsilon / scale^2)      63 bits
 * p    = position of W's leading 1                        6 bits
 * r    = Q(p odd or even, the 23 bits behind it)          18 bits, {@link InterpolatedTable#RECIPROCAL_SQRT}
 * n[i] = rne(d[i] x r, floor(p / 2) - 7) = 2^16 x normalised    product 39 bits, result signed, 24
 * y[i] = clamp(rne(n[i] x G[i] + H[i], shift) + zeroPoint)      product signed, 48 bits; sum 52
 * </pre>
 *
 * <p>{@code G[i] = round(gamma[i] / outputScale x 2^g)}, signed with 24 bits, g the largest of -16
 * to 30 for which all G fit; {@code H[i] = round(beta[i] / outputScale x 2^(g+16))}, saturated to
 * 51 bits; {@code shift = g + 16}; {@code rne} rounds half to even. Where W is 0, so are all d. At
 * most one output step from the real function.
 */
public final class IntegerLayerNorm {
  /** The longest row. */
  public static final int LONGEST = 4096;

  private static final int VARIANCE_POINT = 16;
  private static final int VALUE_POINT = 16;
  private static final int INDEX_BITS = 7;
  private static final int LARGEST_GAMMA = (1 << 23) - 1;
  private static final long LARGEST_BETA = 1L << 50;
  private static final int MOST_SHIFT = 30;

  private final long epsilon;
  private final int[] gamma;
  private final long[] beta;
  private final int shift;
  private final int zeroPoint;

  /**
   * @param gamma per element, finite; its length is that of the rows
   * @param beta per element, finite
   * @param epsilon not negative; at most about 2^22 squares of the input's scale
   */
  public IntegerLayerNorm(
      double inputScale, double[] gamma, double[] beta, double epsilon, Encoding output) {
    int length = gamma.length;
    double constant =
        Math.scalb((double) length * length * epsilon / inputScale / inputScale, VARIANCE_POINT);
    if (length == 0 || length > LONGEST || beta.length != length || !(constant <= 0x1p62)) {
      throw new IllegalArgumentException(
          "layer normalisation of " + length + " codes, scale " + inputScale + ", " + epsilon);
    }
    this.epsilon = (long) Math.rint(constant);
    double most = 0;
    for (double each : gamma) {
      most = Math.max(most, Math.abs(each / output.scale()));
    }
    int point = MOST_SHIFT;
    while (Math.scalb(most, point) > LARGEST_GAMMA && point > -VALUE_POINT) {
      point--;
    }
    this.shift = point + VALUE_POINT;
    this.gamma = new int[length];
    this.beta = new long[length];
    for (int i = 0; i < length; i++) {
      double g = Math.rint(Math.scalb(gamma[i] / output.scale(), point));
      double h = Math.rint(Math.scalb(beta[i] / output.scale(), shift));
      this.gamma[i] = (int) Math.clamp(g, -LARGEST_GAMMA, LARGEST_GAMMA);
      this.beta[i] = (long) Math.clamp(h, -LARGEST_BETA, LARGEST_BETA);
    }
    this.zeroPoint = output.zeroPoint();
  }

  /**
   * @param row as many codes as gamma has numbers
   */
  public byte[] apply(byte[] row) {
    int length = row.length;
    if (length != gamma.length) {
      throw new IllegalArgumentException(length + " codes for " + gamma.length + " parameters");
    }
    long sum = 0;
    long squares = 0;
    for (byte code : row) {
      sum += code;
      squares += code * code;
    }
    long variance = ((length * squares - sum * sum) << VARIANCE_POINT) + epsilon;
    int position = variance == 0 ? 0 : 63 - Long.numberOfLeadingZeros(variance);
    int reciprocal = reciprocal(variance, position);
    int down = position / 2 + InterpolatedTable.POINT - VARIANCE_POINT / 2 - VALUE_POINT;
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      long product = (length * row[i] - sum) * reciprocal;
      long value = down >= 0 ? FixedPoint.roundingShiftRight(product, down) : product << -down;
      long code = FixedPoint.roundingShiftRight(value * gamma[i] + beta[i], shift) + zeroPoint;
      result[i] = (byte) Math.clamp(code, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return result;
  }

  /** {@code 2^17 / sqrt(mantissa)}, the mantissa in [1, 4). */
  private static int reciprocal(long variance, int position) {
    int bits = INDEX_BITS + InterpolatedTable.FRACTION_BITS;
    long aligned = position >= bits ? variance >> (position - bits) : variance << (bits - position);
    int behind = (int) aligned & ((1 << bits) - 1);
    int half = (position & 1) << INDEX_BITS;
    return InterpolatedTable.RECIPROCAL_SQRT.at(
        half + (behind >> InterpolatedTable.FRACTION_BITS),
        behind & ((1 << InterpolatedTable.FRACTION_BITS) - 1));
  }
}
