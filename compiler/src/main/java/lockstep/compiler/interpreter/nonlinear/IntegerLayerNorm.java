// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import lockstep.compiler.graph.Encoding;
import lockstep.isa.FixedPoint;

/**
 * Layer normalisation of a row of N codes, 1 to 4096: {@code gamma (x - mean) / sqrt(variance +
 * epsilon) + beta}; without centring the mean counts as 0. In operations of 32-bit lanes, as
 * docs/vliw.md has them; every value fits 32 bits with a sign unless it says otherwise.
 *
 * <pre>
 * F = N,  Z = sum q[i]              centred; else F = 1, Z = the input's zero point
 * d[i] = F q[i] - Z                                          at most 255 F < 2^20 in magnitude
 * p = max(position(max(F max q - Z, Z - F min q)), L)        0 to 19, or L, at most 54
 * c[i] = scale(d[i], 2^14, p)       = d[i] / 2^(p - 14)      at most 2^15 in magnitude
 * u[i] = c[i] c[i]                                           at most 2^30
 * h[i] = scale(u[i], 1, k),  l[i] = u[i] - 2^k h[i]          2^(30-k);  2^(k-1) in magnitude
 * A = sum h[i],  B = sum l[i]                                N 2^(30-k) &lt;= 2^31, without a sign; 2^22
 * V = A + scale(B, 1, k)            = rne(sum u[i] / 2^k)    at most 2^31, without a sign
 * W = V + scale(E, 1, min(63, 2 p + x))                      2^31 + 2^30, without a sign
 * r = root(W), j = floor(position(W) / 2)                    2^16 to 2^17; 0 to 15
 * R = scale(r, Q, 17)                                        at most 1.42 x 2^22
 * n[i] = scale(d[i], R, p + j - 8)  = 2^16 x normalised      at most 2^16 sqrt(N) (1 + 2^-7) &lt; 2^23
 * t[i] = sign[i] scale(n[i], G[i], s[i]) + H[i]              2^27 + 2^30 in magnitude
 * y[i] = clamp(scale(t[i], 1, 8) + zero, min, max)
 * </pre>
 *
 * <p>{@code k = max(0, ceil(log2 N) - 1)}, so N / 2^k is from 1 to 2; {@code Q = round(2^22 sqrt(N
 * / 2^k))}. {@code G[i] 2^-s[i] = |gamma[i]| / outputScale x 2^-8} as {@link FixedPoint#scale} has
 * it, {@code H[i] = round(2^8 beta[i] / outputScale)}.
 *
 * <p>{@code K = F^2 N epsilon / inputScale^2} is what is added to {@code sum d[i]^2}. {@code E =
 * round(K / 2^(g - 29))} with g the position of K's leading 1, so E is from 2^29 to 2^30, and
 * {@code x = k + 1 - g}; {@code L = max(0, ceil(-x / 2))} is the least p with {@code 2 p + x >= 0},
 * so what is added to V is at most 2^30. Where K is 0, so are E, x and L.
 *
 * <p>The shift {@code p + j - 8} is not negative: if p is the position of the greatest d, some c[i]
 * is at least 2^14, so W is at least 2^(28-k), and j at least 14 - ceil(k / 2) >= 8; if it is L, W
 * is at least 2^27. Only where all d[i] are 0 may it be, and then any shift gives 0.
 *
 * <p>Off by at most half a code for the last rounding, 2^-8 for t and H; the root, R and V are
 * 1.7e-5, 2^-21 and at most 2^-10 of the result, n 2^-17 gamma / outputScale. So gamma /
 * outputScale is at most 2^12.
 */
public final class IntegerLayerNorm {
  /** The longest row. */
  public static final int LONGEST = 4096;

  /** The greatest ratio of gamma and the output's scale. */
  public static final double STEEPEST = 0x1p12;

  private static final double FARTHEST = 0x1p22;
  private static final int CENTRE = 14;
  private static final int ROOT_POINT = 17;
  private static final int FACTOR_POINT = 22;
  private static final int VALUE_POINT = 16;
  private static final int CODE_POINT = 8;
  private static final int EPSILON_POSITION = 29;
  private static final int MOST_SHIFT = 63;
  private static final int LARGEST_LEAST = 54;

  private final boolean centred;
  private final int zeroIn;
  private final Encoding output;
  private final int[] gammas;
  private final int[] shifts;
  private final int[] signs;
  private final int[] betas;
  private final int squareShift;
  private final int factor;
  private final int epsilon;
  private final int epsilonShift;
  private final int least;

  /**
   * @param gamma per element; its length is that of the rows
   * @param beta per element
   * @throws IllegalArgumentException if {@link #fits} does not hold
   */
  public IntegerLayerNorm(
      Encoding input,
      boolean centred,
      float[] gamma,
      float[] beta,
      double epsilon,
      Encoding output) {
    int length = gamma.length;
    if (!fits(input, centred, gamma, beta, epsilon, output)) {
      throw new IllegalArgumentException(
          "normalisation of " + length + " codes, " + input + ", " + epsilon + ", to " + output);
    }
    this.centred = centred;
    this.zeroIn = input.zeroPoint();
    this.output = output;
    gammas = new int[length];
    shifts = new int[length];
    signs = new int[length];
    betas = new int[length];
    for (int i = 0; i < length; i++) {
      double steep = Math.abs(gamma[i]) / output.scale();
      FixedPoint.Scale scale = FixedPoint.scale(Math.scalb(steep, CODE_POINT - VALUE_POINT));
      gammas[i] = scale.multiplier();
      shifts[i] = scale.shift();
      signs[i] = gamma[i] < 0 ? -1 : 1;
      betas[i] = (int) Math.rint(Math.scalb(beta[i] / output.scale(), CODE_POINT));
    }
    squareShift = squareShift(length);
    factor =
        (int) Math.rint(Math.sqrt(Math.scalb((double) length, -squareShift)) * (1 << FACTOR_POINT));
    double added = added(input, centred, length, epsilon);
    int position = added == 0 ? 0 : Math.getExponent(added);
    this.epsilon = (int) Math.rint(Math.scalb(added, EPSILON_POSITION - position));
    epsilonShift = epsilonShift(added, length);
    least = least(added, length);
  }

  /** Whether numbers are within the definition; all of them finite, epsilon not negative. */
  public static boolean fits(
      Encoding input,
      boolean centred,
      float[] gamma,
      float[] beta,
      double epsilon,
      Encoding output) {
    int length = gamma.length;
    if (length == 0
        || length > LONGEST
        || beta.length != length
        || !(epsilon >= 0)
        || input.bits() > Byte.SIZE
        || output.bits() > Byte.SIZE) {
      return false;
    }
    double added = added(input, centred, length, epsilon);
    return added <= Double.MAX_VALUE
        && (added == 0 || added >= Double.MIN_NORMAL)
        && least(added, length) <= LARGEST_LEAST
        && atMost(gamma, STEEPEST * output.scale())
        && atMost(beta, FARTHEST * output.scale());
  }

  private static boolean atMost(float[] values, double most) {
    boolean holds = true;
    for (float each : values) {
      holds &= Math.abs(each) <= most;
    }
    return holds;
  }

  private static double added(Encoding input, boolean centred, int length, double epsilon) {
    double times = centred ? length : 1;
    return times * times * length * epsilon / input.scale() / input.scale();
  }

  private static int squareShift(int length) {
    return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1) - 1);
  }

  private static int epsilonShift(double added, int length) {
    return added == 0
        ? 0
        : squareShift(length) - 2 * CENTRE + EPSILON_POSITION - Math.getExponent(added);
  }

  private static int least(double added, int length) {
    return Math.max(0, Math.ceilDiv(-epsilonShift(added, length), 2));
  }

  /**
   * @param row as many codes as gamma has numbers
   */
  public byte[] apply(byte[] row) {
    int length = row.length;
    if (length != gammas.length) {
      throw new IllegalArgumentException(length + " codes for " + gammas.length + " parameters");
    }
    int sum = 0;
    int max = Byte.MIN_VALUE;
    int min = Byte.MAX_VALUE;
    for (byte code : row) {
      sum += code;
      max = Math.max(max, code);
      min = Math.min(min, code);
    }
    int times = centred ? length : 1;
    int zero = centred ? sum : zeroIn;
    int position =
        Math.max(Lanes.position(Math.max(times * max - zero, zero - times * min)), least);
    int root = root(row, times, zero, position);
    int inverse = Lanes.scale(Lanes.root(root), factor, ROOT_POINT);
    int shift = position - CENTRE + Lanes.position(root) / 2 + FACTOR_POINT - VALUE_POINT;
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      int value = Lanes.scale(times * row[i] - zero, inverse, shift);
      int code = signs[i] * Lanes.scale(value, gammas[i], shifts[i]) + betas[i];
      result[i] =
          Lanes.narrow(
              Lanes.scale(code, 1, CODE_POINT),
              output.zeroPoint(),
              output.least(),
              output.greatest());
    }
    return result;
  }

  /** W. */
  private int root(byte[] row, int times, int zero, int position) {
    int high = 0;
    int low = 0;
    for (byte code : row) {
      int c = Lanes.scale(times * code - zero, 1 << CENTRE, position);
      int square = c * c;
      int h = Lanes.scale(square, 1, squareShift);
      high += h;
      low += square - (h << squareShift);
    }
    int variance = high + Lanes.scale(low, 1, squareShift);
    return variance + Lanes.scale(epsilon, 1, Math.min(MOST_SHIFT, 2 * position + epsilonShift));
  }

  /** G, per element. */
  public int[] gammas() {
    return gammas.clone();
  }

  /** s, per element. */
  public int[] shifts() {
    return shifts.clone();
  }

  /** 1 or -1, per element. */
  public int[] signs() {
    return signs.clone();
  }

  /** H, per element. */
  public int[] betas() {
    return betas.clone();
  }

  /** k. */
  public int squareShift() {
    return squareShift;
  }

  /** Q. */
  public int factor() {
    return factor;
  }

  /** E. */
  public int epsilon() {
    return epsilon;
  }

  /** x. */
  public int epsilonShift() {
    return epsilonShift;
  }

  /** L. */
  public int least() {
    return least;
  }
}
