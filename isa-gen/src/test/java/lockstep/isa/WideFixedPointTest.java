// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** The way out of an accumulator of 40 bits, against numbers of any length. */
class WideFixedPointTest {
  private static final int BITS = FixedPoint.WIDE_ACCUMULATOR_BITS;
  private static final BigInteger SPAN = BigInteger.ONE.shiftLeft(BITS);
  private static final BigInteger MOST = SPAN.shiftRight(1).subtract(BigInteger.ONE);

  @Test
  void everyStepIsThatOfTheDefinition() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(40);
    int inside = 0;
    for (int i = 0; i < 200_000; i++) {
      long accumulator = random.nextLong() >> (24 + random.nextInt(40));
      long bias = random.nextLong() >> (25 + random.nextInt(39));
      int multiplier = random.nextInt(1 << 24);
      int shift = random.nextInt(8) == 0 ? random.nextInt(64) : 24 + random.nextInt(24);
      int residual = (short) random.nextInt();
      int residualZero = (short) random.nextInt();
      int leak = random.nextBoolean() ? 1 << 15 : random.nextInt(1 << 16);
      int outShift = random.nextInt(16);
      int residualMultiplier = random.nextInt(2 << outShift);
      int zero = (short) random.nextInt();
      int actual =
          FixedPoint.postProcess(
              BITS,
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
              Short.MIN_VALUE,
              Short.MAX_VALUE);
      BigInteger x1 = wrapped(BigInteger.valueOf(accumulator).add(BigInteger.valueOf(bias)));
      BigInteger x2 = saturated(rounded(x1.multiply(BigInteger.valueOf(multiplier)), shift));
      BigInteger added =
          BigInteger.valueOf(residual - residualZero)
              .multiply(BigInteger.valueOf(residualMultiplier));
      BigInteger x3 = saturated(x2.add(added));
      BigInteger x4 = x3.signum() < 0 ? rounded(x3.multiply(BigInteger.valueOf(leak)), 15) : x3;
      BigInteger y = rounded(x4, outShift).add(BigInteger.valueOf(zero));
      int expected =
          y.min(BigInteger.valueOf(Short.MAX_VALUE))
              .max(BigInteger.valueOf(Short.MIN_VALUE))
              .intValue();
      assertThat(actual).as("case %d", i).isEqualTo(expected);
      inside += Math.abs(expected + 0.5) < Short.MAX_VALUE ? 1 : 0;
    }
    assertThat(inside).as("results that do not saturate").isGreaterThan(20_000);
  }

  @Test
  void theGreatestProductHas64Bits() {
    long least = -1L << (BITS - 1);
    int multiplier = (1 << FixedPoint.MULTIPLIER_BITS) - 1;
    assertThat(BigInteger.valueOf(least).multiply(BigInteger.valueOf(multiplier)).bitLength())
        .isLessThan(Long.SIZE);
    assertThat(wide(least, multiplier, 47)).isEqualTo(Short.MIN_VALUE);
    assertThat(wide(~least, multiplier, 48)).isEqualTo(Short.MAX_VALUE);
  }

  @Test
  void sumsBeyondTheAccumulatorWrap() {
    assertThat(FixedPoint.wrap(1L << 39, BITS)).isEqualTo(-1L << 39);
    assertThat(FixedPoint.wrap((1L << 40) + 5, BITS)).isEqualTo(5);
    assertThat(FixedPoint.saturate(1L << 39, BITS)).isEqualTo((1L << 39) - 1);
  }

  private static int wide(long accumulator, int multiplier, int shift) {
    return FixedPoint.postProcess(
        BITS, accumulator, 0, multiplier, shift, 0, 0, 0, 1 << 15, 0, 0, -32768, 32767);
  }

  private static BigInteger wrapped(BigInteger value) {
    BigInteger low = value.mod(SPAN);
    return low.compareTo(MOST) > 0 ? low.subtract(SPAN) : low;
  }

  private static BigInteger saturated(BigInteger value) {
    return value.min(MOST).max(MOST.negate().subtract(BigInteger.ONE));
  }

  private static BigInteger rounded(BigInteger value, int shift) {
    return new BigDecimal(value)
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift)), 0, RoundingMode.HALF_EVEN)
        .toBigInteger();
  }
}
