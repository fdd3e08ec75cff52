// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

/**
 * The integer arithmetic of requantisation, defined once: the reference interpreter and the
 * simulators call it, the Verilog generators cite it. Layers whose codes all have at most 8 bits
 * have an accumulator of 32 bits, others one of 40.
 *
 * <p>A real scale is {@code multiplier x 2^-shift} with a multiplier of 24 bits, the significand of
 * an IEEE 754 single, so that an fp32 scale is held exactly. Rounding is half to even.
 */
public final class FixedPoint {
  /** Bits of a requantisation multiplier. */
  public static final int MULTIPLIER_BITS = 24;

  /** Bits of a requantisation shift. */
  public static final int SHIFT_BITS = 6;

  /** Bits of the accumulator where no code has more than 8. */
  public static final int ACCUMULATOR_BITS = 32;

  /**
   * Bits of the accumulator where some code has more than 8, up to 16: the most whose product with
   * a multiplier fits 64 bits.
   */
  public static final int WIDE_ACCUMULATOR_BITS = 40;

  private FixedPoint() {}

  /** The lowest bits of a number, as a signed one. */
  public static long wrap(long value, int bits) {
    return value << (Long.SIZE - bits) >> (Long.SIZE - bits);
  }

  /** The nearest number that has so many bits, sign included. */
  public static long saturate(long value, int bits) {
    long most = (1L << (bits - 1)) - 1;
    return Math.clamp(value, -most - 1, most);
  }

  /** {@code value / 2^shift} rounded half to even; {@code shift} from 0 to 63. */
  public static long roundingShiftRight(long value, int shift) {
    if (shift == 0) {
      return value;
    }
    long floor = value >> shift;
    long remainder = value & ((1L << shift) - 1);
    long half = 1L << (shift - 1);
    boolean up =
        Long.compareUnsigned(remainder, half) > 0 || (remainder == half && (floor & 1) == 1);
    return up ? floor + 1 : floor;
  }

  /** Clamps to the int32 range. */
  public static int saturateInt32(long value) {
    return (int) Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** {@code saturateInt32(round(value x multiplier / 2^shift))}. */
  public static int requantise(int value, int multiplier, int shift) {
    return saturateInt32(roundingShiftRight((long) value * multiplier, shift));
  }

  /** A positive real scale as multiplier and shift. */
  public record Scale(int multiplier, int shift) {
    public double value() {
      return multiplier * Math.pow(2, -shift);
    }
  }

  /**
   * The nearest representable scale: a multiplier in [2^23, 2^24) and a shift in [0, 63]; scales
   * below 2^-40 lose multiplier bits and 0 becomes 0 x 2^-63.
   *
   * @throws IllegalArgumentException if {@code real} is negative, not finite or 2^24 or more
   */
  public static Scale scale(double real) {
    if (!(real >= 0) || real >= (1 << MULTIPLIER_BITS)) {
      throw new IllegalArgumentException("scale " + real + " is outside [0, 2^24)");
    }
    if (real == 0) {
      return new Scale(0, 63);
    }
    int shift = Math.min(63, MULTIPLIER_BITS - 1 - Math.getExponent(real));
    long multiplier = Math.round(Math.scalb(real, shift));
    if (multiplier == (1L << MULTIPLIER_BITS)) {
      if (shift == 0) {
        throw new IllegalArgumentException("scale " + real + " is outside [0, 2^24)");
      }
      multiplier >>= 1;
      shift--;
    }
    return new Scale(Math.toIntExact(multiplier), shift);
  }

  /**
   * The post-processing pipeline for one output element.
   *
   * <pre>
   * x1 = accumulator + bias                      (wraps at 32 bit)
   * x2 = sat32(rne(x1 x multiplier, shift))
   * x3 = sat32(x2 + (residual - residualZero) x residualMultiplier)   if there is a residual
   * x4 = x3 &lt; 0 ? rne(x3 x leak, 15) : x3       if leaky
   * y  = clamp(rne(x4, outShift) + zero, min, max)
   * </pre>
   *
   * @param residual int8 residual, ignored when {@code residualMultiplier} is 0
   * @param residualMultiplier 16-bit unsigned; 0 means no residual
   * @param leak 16-bit unsigned slope of the negative side in units of 2^-15; 32768 is the identity
   */
  public static byte postProcess(
      int accumulator,
      int bias,
      int multiplier,
      int shift,
      int residual,
      int residualZero,
      int residualMultiplier,
      int leak,
      int outShift,
      int zero,
      int min,
      int max) {
    return (byte)
        postProcess(
            ACCUMULATOR_BITS,
            accumulator,
            bias,
            multiplier,
            shift,
            residual,
            residualZero,
            residualMultiplier,
            leak,
            outShift,
            zero,
            min,
            max);
  }

  /**
   * The same for an accumulator of any width, which takes the place of the 32 bits in x1, x2 and
   * x3.
   *
   * @param accumulatorBits 32 or 40
   * @param residual of 16 bits at most
   */
  public static int postProcess(
      int accumulatorBits,
      long accumulator,
      long bias,
      int multiplier,
      int shift,
      int residual,
      int residualZero,
      int residualMultiplier,
      int leak,
      int outShift,
      int zero,
      int min,
      int max) {
    long x1 = wrap(accumulator + bias, accumulatorBits);
    long x2 = saturate(roundingShiftRight(x1 * multiplier, shift), accumulatorBits);
    long x3 = saturate(x2 + (long) (residual - residualZero) * residualMultiplier, accumulatorBits);
    long x4 = x3 < 0 ? roundingShiftRight(x3 * leak, 15) : x3;
    return (int) Math.clamp(roundingShiftRight(x4, outShift) + zero, min, max);
  }
}
