// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lockstep.arch.UserError;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Pruning;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Shape;
import org.junit.jupiter.api.Test;

class QuantisedWeightsTest {
  private static final Encoding INPUT = new Encoding(0.5, -3);

  private static QuantisedWeights quantised(float[] bias, float... weights) {
    return QuantisedWeights.of(
        new Constant.Floats(Shape.of(1, weights.length, 1, 1), weights),
        bias,
        INPUT,
        8,
        "n",
        LayerQuantisation.DEFAULT);
  }

  @Test
  void theLargestWeightIs127() {
    QuantisedWeights q = quantised(null, 0.5f, -1.27f, 0.002f);
    assertThat(q.weights().stream()).containsExactly(50, -127, 0);
    assertThat(q.scales()[0]).isEqualTo(1.27f / 127.0);
  }

  @Test
  void codesAreRoundedHalfToEvenAndSaturate() {
    for (int halves = -1000; halves <= 1000; halves++) {
      for (double off : new double[] {0, 1e-12, -1e-12, 0.3}) {
        double real = halves / 2.0 + off;
        assertThat(WeightScales.code(real * 0.25, 0.25, 127))
            .as("%s", real)
            .isEqualTo((byte) Math.clamp(Math.rint(real * 0.25 / 0.25), -127, 127));
      }
    }
    assertThat(WeightScales.code(Float.MAX_VALUE, Double.MIN_NORMAL, 7)).isEqualTo((byte) 7);
    assertThat(WeightScales.code(-Float.MAX_VALUE, Double.MIN_NORMAL, 7)).isEqualTo((byte) -7);
    assertThat(WeightScales.code(-0.0, 1, 127)).isZero();
  }

  @Test
  void theInputZeroPointGoesIntoTheBias() {
    QuantisedWeights q = quantised(new float[] {1}, 1.27f, 0.27f);
    assertThat(q.bias()[0]).isEqualTo((int) Math.rint(1 / (0.5 * q.scales()[0])) + 3 * (127 + 27));
  }

  @Test
  void weightsOfOneMagnitudeAreExact() {
    QuantisedWeights q = quantised(null, 0.3f, -0.3f);
    assertThat(q.weights().stream()).containsExactly(1, -1);
    assertThat(q.scales()[0]).isEqualTo(0.3f);
  }

  @Test
  void withABiasTheyKeepItsResolution() {
    assertThat(quantised(new float[] {0.1f}, 0.3f, -0.3f).weights().stream())
        .containsExactly(127, -127);
  }

  @Test
  void zeroWeightsStillHaveABias() {
    QuantisedWeights q = quantised(new float[] {-2}, 0, 0);
    assertThat(q.weights().stream()).containsExactly(0, 0);
    assertThat(q.bias()[0] * q.scales()[0] * 0.5).isEqualTo(-2);
  }

  @Test
  void aBiasFarAboveTheWeightsFits() {
    QuantisedWeights q = quantised(new float[] {1e9f}, 1e-6f, 1e-7f);
    assertThat(q.bias()[0] * q.scales()[0] * 0.5).isCloseTo(1e9, within());
  }

  private static org.assertj.core.data.Percentage within() {
    return org.assertj.core.data.Percentage.withPercentage(1e-4);
  }

  @Test
  void noInputOverflowsTheAccumulator() {
    float[] weights = new float[200_000];
    java.util.Arrays.fill(weights, 1);
    weights[0] = 0.99f;
    QuantisedWeights q = quantised(null, weights);
    long sum = q.weights().stream().asLongStream().sum();
    assertThat(127 * sum + q.bias()[0]).isLessThanOrEqualTo(Integer.MAX_VALUE);
    assertThat(-128 * sum + q.bias()[0]).isGreaterThanOrEqualTo(Integer.MIN_VALUE);
    assertThat(q.weights().get(1)).isGreaterThan(30);
  }

  @Test
  void prescribedWeightsThatOverflowAreRefused() {
    byte[] codes = new byte[200_000];
    java.util.Arrays.fill(codes, (byte) 127);
    Constant weights =
        new Constant.Codes(Shape.of(1, codes.length, 1, 1), codes, new float[] {1}, 0);
    assertThatThrownBy(
            () -> QuantisedWeights.of(weights, null, INPUT, 8, "fc", LayerQuantisation.DEFAULT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("node 'fc'")
        .hasMessageContaining("may overflow");
  }

  @Test
  void weightsThatFoldingMadeInfiniteAreRefused() {
    assertThatThrownBy(() -> quantised(null, 1, Float.NaN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("node 'n'");
    assertThatThrownBy(() -> quantised(new float[] {Float.POSITIVE_INFINITY}, 1))
        .isInstanceOf(UserError.class);
  }

  private static LayerQuantisation choices(
      Calibration calibration, LayerQuantisation.Granularity granularity, int bits) {
    return new LayerQuantisation(calibration, granularity, bits, 8, new Pruning.None());
  }

  private static QuantisedWeights chosen(LayerQuantisation choices, int rows, float... weights) {
    Constant constant = new Constant.Floats(Shape.of(rows, weights.length / rows, 1, 1), weights);
    return QuantisedWeights.of(constant, null, INPUT, 8, "n", choices);
  }

  @Test
  void fewerBitsHaveFewerCodes() {
    LayerQuantisation four =
        choices(new Calibration.MinMax(), LayerQuantisation.Granularity.CHANNEL, 4);
    QuantisedWeights q = chosen(four, 1, 0.7f, -0.34f, 0.04f, -0.7f);
    assertThat(q.weights().stream()).containsExactly(7, -3, 0, -7);
    LayerQuantisation two =
        choices(new Calibration.MinMax(), LayerQuantisation.Granularity.CHANNEL, 2);
    assertThat(chosen(two, 1, 0.7f, -0.34f, 0.4f).weights().stream()).containsExactly(1, 0, 1);
  }

  @Test
  void perTensorAllChannelsHaveTheScaleOfTheLargest() {
    LayerQuantisation tensor =
        choices(new Calibration.MinMax(), LayerQuantisation.Granularity.TENSOR, 8);
    QuantisedWeights q = chosen(tensor, 2, 1.27f, 0.1f, 0.02f, -0.01f);
    assertThat(q.scales()).containsExactly(1.27f / 127.0, 1.27f / 127.0);
    assertThat(q.weights().stream()).containsExactly(127, 10, 2, -1);
  }

  @Test
  void leastSquaresClipsAnOutlierAndIsNeverWorseThanTheWholeRange() {
    float[] weights = new float[4096];
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int bits = 2; bits <= 8; bits++) {
      QuantisedWeights whole =
          chosen(
              choices(new Calibration.MinMax(), LayerQuantisation.Granularity.CHANNEL, bits),
              4,
              weights);
      QuantisedWeights best =
          chosen(
              choices(
                  new Calibration.MeanSquaredError(), LayerQuantisation.Granularity.CHANNEL, bits),
              4,
              weights);
      for (int k = 0; k < 4; k++) {
        double least = error(weights, k, best.scales()[k], bits);
        assertThat(least)
            .isLessThanOrEqualTo(error(weights, k, whole.scales()[k], bits) * (1 + 1e-9));
        double scanned = Double.POSITIVE_INFINITY;
        for (int i = 1; i <= 1000; i++) {
          scanned = Math.min(scanned, error(weights, k, whole.scales()[k] * i / 1000, bits));
        }
        assertThat(least).isLessThan(scanned * 1.04);
      }
    }
  }

  private static double error(float[] weights, int channel, double scale, int bits) {
    int greatest = (1 << (bits - 1)) - 1;
    double sum = 0;
    for (int i = channel * 1024; i < (channel + 1) * 1024; i++) {
      double code = Math.max(-greatest, Math.min(greatest, Math.rint(weights[i] / scale)));
      sum += Math.pow(weights[i] - code * scale, 2);
    }
    return sum;
  }
}
