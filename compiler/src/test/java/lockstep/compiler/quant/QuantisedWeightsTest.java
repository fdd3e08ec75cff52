// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Quantisation;
import lockstep.compiler.graph.Shape;
import org.junit.jupiter.api.Test;

class QuantisedWeightsTest {
  private static final Quantisation INPUT = new Quantisation(0.5, -3);

  private static QuantisedWeights quantised(float[] bias, float... weights) {
    return QuantisedWeights.of(
        new Constant.Floats(Shape.of(1, weights.length, 1, 1), weights), bias, INPUT, "n");
  }

  @Test
  void theLargestWeightIs127() {
    QuantisedWeights q = quantised(null, 0.5f, -1.27f, 0.002f);
    assertThat(q.weights()).containsExactly(50, -127, 0);
    assertThat(q.scales()[0]).isEqualTo(1.27f / 127.0);
  }

  @Test
  void theInputZeroPointGoesIntoTheBias() {
    QuantisedWeights q = quantised(new float[] {1}, 1.27f, 0.27f);
    assertThat(q.bias()[0]).isEqualTo((int) Math.rint(1 / (0.5 * q.scales()[0])) + 3 * (127 + 27));
  }

  @Test
  void weightsOfOneMagnitudeAreExact() {
    QuantisedWeights q = quantised(null, 0.3f, -0.3f);
    assertThat(q.weights()).containsExactly(1, -1);
    assertThat(q.scales()[0]).isEqualTo(0.3f);
  }

  @Test
  void withABiasTheyKeepItsResolution() {
    assertThat(quantised(new float[] {0.1f}, 0.3f, -0.3f).weights()).containsExactly(127, -127);
  }

  @Test
  void zeroWeightsStillHaveABias() {
    QuantisedWeights q = quantised(new float[] {-2}, 0, 0);
    assertThat(q.weights()).containsExactly(0, 0);
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
    long sum = 0;
    for (byte w : q.weights()) {
      sum += w;
    }
    assertThat(127 * sum + q.bias()[0]).isLessThanOrEqualTo(Integer.MAX_VALUE);
    assertThat(-128 * sum + q.bias()[0]).isGreaterThanOrEqualTo(Integer.MIN_VALUE);
    assertThat(q.weights()[1]).isGreaterThan((byte) 30);
  }

  @Test
  void prescribedWeightsThatOverflowAreRefused() {
    byte[] codes = new byte[200_000];
    java.util.Arrays.fill(codes, (byte) 127);
    Constant weights =
        new Constant.Codes(Shape.of(1, codes.length, 1, 1), codes, new float[] {1}, 0);
    assertThatThrownBy(() -> QuantisedWeights.of(weights, null, INPUT, "fc"))
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
}
