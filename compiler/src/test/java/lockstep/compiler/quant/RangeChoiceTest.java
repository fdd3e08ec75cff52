// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Random;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.quant.Calibration.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeChoiceTest {
  private static float[] normal(int count, int seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Histogram histogram(float[] values) {
    Range range = new Range(Float.MAX_VALUE, -Float.MAX_VALUE);
    for (float each : values) {
      range = range.union(new Range(each, each));
    }
    Histogram histogram = new Histogram(range);
    histogram.add(values);
    return histogram;
  }

  @Test
  void everyValueIsCountedOnceWhateverTheOrder() {
    float[] values = normal(10_000, 1);
    values[7] = 0;
    Histogram together = histogram(values);
    Histogram apart = new Histogram(together.range());
    apart.add(java.util.Arrays.copyOfRange(values, 4000, 10_000));
    apart.add(java.util.Arrays.copyOfRange(values, 0, 4000));
    long sum = together.zeros();
    for (int i = 0; i < Histogram.BINS; i++) {
      assertThat(apart.count(i)).isEqualTo(together.count(i));
      sum += together.count(i);
    }
    assertThat(sum).isEqualTo(10_000);
    assertThat(together.zeros()).isEqualTo(1);
  }

  @Test
  void theWholeRangeIsThatOfTheValues() {
    assertThat(new WholeRange().of(histogram(new float[] {-3, 0, 7}), CodeWidth.BYTE))
        .isEqualTo(new Range(-3, 7));
  }

  @Test
  void aPercentileCutsHalfOfTheRestAtEachEnd() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    Range range = new PercentileRange(99).of(histogram(values), CodeWidth.BYTE);
    double bin = 999.0 / Histogram.BINS;
    assertThat((double) range.min()).isCloseTo(6, within(2 * bin));
    assertThat((double) range.max()).isCloseTo(995, within(2 * bin));
    assertThat(new PercentileRange(100).of(histogram(values), CodeWidth.BYTE))
        .isEqualTo(new Range(1, 1000));
  }

  @Test
  void aPercentileCountsZeros() {
    float[] values = new float[1000];
    values[1] = 5;
    values[2] = 1;
    Range range = new PercentileRange(99).of(histogram(values), CodeWidth.BYTE);
    assertThat((double) range.max()).isLessThan(0.01);
    assertThat(range.min()).isZero();
  }

  @Test
  void anOutlierIsCutOffByAllButMinMax() {
    float[] values = normal(100_000, 2);
    values[3] = 40;
    Histogram histogram = histogram(values);
    assertThat(new WholeRange().of(histogram, CodeWidth.BYTE).max()).isEqualTo(40);
    assertThat(new PercentileRange(99.9).of(histogram, CodeWidth.BYTE).max()).isBetween(3f, 3.7f);
    assertThat(new LeastSquaresRange().of(histogram, new CodeWidth(4, false)).max())
        .isBetween(2f, 6f);
    assertThat(new EntropyRange().of(histogram, CodeWidth.BYTE).max()).isBetween(2.5f, 8f);
  }

  @Test
  void withoutOutliersLeastSquaresAndPercentileKeepAlmostAll() {
    float[] values = new float[100_000];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    for (RangeChoice each :
        new RangeChoice[] {new LeastSquaresRange(), new PercentileRange(99.99)}) {
      Range range = each.of(histogram(values), CodeWidth.BYTE);
      assertThat((double) range.max()).as(each.toString()).isCloseTo(1, within(0.01));
      assertThat((double) range.min()).as(each.toString()).isCloseTo(-1, within(0.01));
    }
  }

  /** J. Max, Quantizing for minimum distortion, 1960, table II: steps for a normal distribution. */
  @ParameterizedTest
  @CsvSource({"3, 0.5860", "4, 0.3352", "5, 0.1881"})
  void leastSquaresFindsTheBestStepForANormalDistribution(int bits, double step) {
    CodeWidth codes = new CodeWidth(bits, true);
    Range range = new LeastSquaresRange().of(histogram(normal(400_000, 4)), codes);
    assertThat(codes.encoding(range).scale()).isCloseTo(step, withPercentage(9));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 8})
  void leastSquaresIsAsGoodAsAScanOverTheValuesThemselves(int bits) {
    float[] values = normal(3000, bits);
    values[5] = 9;
    values[6] = -4;
    Histogram histogram = histogram(values);
    for (boolean symmetric : new boolean[] {false, true}) {
      CodeWidth codes = new CodeWidth(bits, symmetric);
      double found = error(values, codes, new LeastSquaresRange().of(histogram, codes));
      double best = Double.POSITIVE_INFINITY;
      for (int i = 1; i <= 900; i++) {
        best = Math.min(best, error(values, codes, histogram.within(i * 0.01)));
      }
      assertThat(found).as("symmetric %s", symmetric).isLessThan(best * 1.05);
      assertThat(found).isLessThanOrEqualTo(error(values, codes, histogram.range()) * 1.001);
    }
  }

  private static double error(float[] values, CodeWidth codes, Range range) {
    Encoding q = codes.encoding(range);
    double sum = 0;
    for (float each : values) {
      double code = Math.rint(each / q.scale()) + q.zeroPoint();
      code = Math.min(codes.greatest(), Math.max(codes.least(), code));
      double error = each - q.scale() * (code - q.zeroPoint());
      sum += error * error;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void entropyIsTheLeastDivergenceOfDistributionsWrittenOut(int seed) {
    float[] values = normal(seed % 2 == 0 ? 20_000 : 9000, seed);
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = seed < 2 ? Math.max(0, values[i]) : values[i] * values[i] * values[i];
      values[i] = random.nextInt(1000) == 0 ? 20 * values[i] : values[i];
    }
    Histogram histogram = histogram(values);
    CodeWidth codes = new CodeWidth(seed % 3 == 0 ? 4 : 8, seed == 5);
    Range best = histogram.range();
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 16 * 12; step++) {
      Range range =
          step == 0
              ? histogram.range()
              : histogram.within(histogram.reach() * Math.pow(2, -step / 16.0));
      double parts = ((double) range.max() - range.min()) / histogram.width();
      if (step > 0 && parts < (1 << codes.bits())) {
        break;
      }
      double divergence = divergence(histogram, codes, range);
      double fast = EntropyRange.divergence(histogram, codes, range);
      if (Double.isInfinite(divergence)) {
        assertThat(fast).isInfinite();
      } else {
        assertThat(fast).isCloseTo(divergence, within(1e-9));
      }
      if (divergence < least) {
        least = divergence;
        best = range;
      }
    }
    Range found = new EntropyRange().of(histogram, codes);
    assertThat(EntropyRange.divergence(histogram, codes, found))
        .isCloseTo(EntropyRange.divergence(histogram, codes, best), within(1e-9));
  }

  /** Both distributions part by part, each part of Q by a walk over all parts. */
  private static double divergence(Histogram histogram, CodeWidth codes, Range range) {
    int bins = Histogram.BINS;
    double[] inside = new double[bins];
    double[] p = new double[bins];
    int first = bins;
    int last = -1;
    for (int i = 0; i < bins; i++) {
      if (histogram.centre(i) >= range.min() && histogram.centre(i) <= range.max()) {
        first = Math.min(first, i);
        last = i;
        inside[i] = histogram.count(i);
        p[i] = histogram.count(i);
      }
    }
    double all = 0;
    double held = 0;
    for (int i = 0; i < bins; i++) {
      if (i < first) {
        p[first] += histogram.count(i);
      } else if (i > last) {
        p[last] += histogram.count(i);
      }
      all += histogram.count(i);
      held += inside[i];
    }
    Encoding q = codes.encoding(range);
    int[] code = new int[bins];
    for (int i = first; i <= last; i++) {
      code[i] = q.quantise(histogram.centre(i));
    }
    double sum = 0;
    for (int i = first; i <= last; i++) {
      if (p[i] == 0) {
        continue;
      }
      double group = 0;
      int parts = 0;
      for (int j = first; j <= last; j++) {
        if (code[j] == code[i]) {
          group += inside[j];
          parts += p[j] > 0 ? 1 : 0;
        }
      }
      sum += p[i] / all * Math.log(p[i] / all / (group / parts / held));
    }
    return sum;
  }

  @Test
  void ofFewValuesEntropyKeepsTheWholeRange() {
    float[] few = normal(1000, 9);
    few[0] = 30;
    assertThat(new EntropyRange().of(histogram(few), new CodeWidth(4, false)).max()).isEqualTo(30);
  }

  @Test
  void aConstantHasARange() {
    for (RangeChoice each :
        new RangeChoice[] {
          new WholeRange(), new PercentileRange(99), new LeastSquaresRange(), new EntropyRange()
        }) {
      assertThat(each.of(histogram(new float[] {2, 2, 2}), CodeWidth.BYTE))
          .as(each.toString())
          .isEqualTo(new Range(2, 2));
    }
  }
}
