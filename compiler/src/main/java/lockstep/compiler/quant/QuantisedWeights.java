// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.LayerQuantisation.Granularity;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Quantisation;
import org.jspecify.annotations.Nullable;

/**
 * Weights and bias of a convolution as integers: {@code real weight = scales[k] x weights[k][..]},
 * {@code bias[k] = realBias[k] / (inputScale x scales[k]) - inputZeroPoint x sum(weights[k])}. No
 * input can make the accumulator leave 32 bits.
 */
record QuantisedWeights(byte[] weights, double[] scales, int[] bias) {
  private static final long OVERFLOW = Long.MAX_VALUE;

  /**
   * Codes are taken as they are; floats are pruned, and scaled as {@link WeightScales} says.
   *
   * @param bias real, per output channel, or null
   * @throws UserError if weights are not finite, or prescribed codes may overflow the accumulator
   */
  static QuantisedWeights of(
      Constant given,
      float @Nullable [] bias,
      Quantisation input,
      String node,
      LayerQuantisation choices) {
    int channels = given.shape().dim(0);
    float[] realBias = bias == null ? new float[channels] : bias;
    for (float each : realBias) {
      if (!Float.isFinite(each)) {
        throw WeightScales.notFinite(node, "bias");
      }
    }
    return given instanceof Constant.Codes codes
        ? prescribed(codes, realBias, input, node)
        : chosen(WeightPruning.apply(given, choices.pruning()), realBias, input, node, choices);
  }

  private static QuantisedWeights prescribed(
      Constant.Codes given, float[] bias, Quantisation input, String node) {
    double[] scales = new double[bias.length];
    int[] integers = new int[bias.length];
    for (int k = 0; k < scales.length; k++) {
      scales[k] = given.scales()[given.scales().length == 1 ? 0 : k];
      long zeroed = bias(given.codes(), k, bias[k] / (input.scale() * scales[k]), bias, input);
      if (zeroed == OVERFLOW) {
        throw new UserError(
            "node '"
                + node
                + "': the 32-bit accumulator of output channel "
                + k
                + " may overflow with the model's own weights, bias and scales");
      }
      integers[k] = (int) zeroed;
    }
    return new QuantisedWeights(given.codes(), scales, integers);
  }

  private static QuantisedWeights chosen(
      Constant given, float[] bias, Quantisation input, String node, LayerQuantisation choices) {
    double[] scales = WeightScales.of(given, bias, input.scale(), node, choices);
    int slice = Math.toIntExact(given.shape().elements() / bias.length);
    byte[] codes = new byte[bias.length * slice];
    int[] integers = new int[bias.length];
    float[] reals = given instanceof Constant.Splat ? null : given.floats();
    int greatest = WeightScales.greatest(choices.weightBits());
    for (int k = 0; k < bias.length; ) {
      quantise(given, reals, codes, k * slice, slice, scales[k], greatest);
      long zeroed = bias(codes, k, bias[k] / (input.scale() * scales[k]), bias, input);
      if (zeroed != OVERFLOW) {
        integers[k++] = (int) zeroed;
      } else if (choices.weights() == Granularity.CHANNEL) {
        scales[k] *= 2;
      } else {
        Arrays.fill(scales, 2 * scales[k]);
        k = 0;
      }
    }
    return new QuantisedWeights(codes, scales, integers);
  }

  private static void quantise(
      Constant weights,
      float @Nullable [] reals,
      byte[] codes,
      int from,
      int count,
      double scale,
      int greatest) {
    if (reals == null) {
      double value = ((Constant.Splat) weights).value();
      Arrays.fill(codes, from, from + count, WeightScales.code(value, scale, greatest));
      return;
    }
    for (int i = from; i < from + count; i++) {
      codes[i] = WeightScales.code(reals[i], scale, greatest);
    }
  }

  /** The bias for zero-point-free sums, or {@link #OVERFLOW} if an accumulator may overflow. */
  private static long bias(
      byte[] codes, int channel, double bias, float[] channels, Quantisation input) {
    int count = codes.length / channels.length;
    long sum = 0;
    long magnitudes = 0;
    for (int i = channel * count; i < (channel + 1) * count; i++) {
      sum += codes[i];
      magnitudes += Math.abs(codes[i]);
    }
    long positive = (magnitudes + sum) / 2;
    long negative = sum - positive;
    double zeroed = Math.rint(bias) - (double) input.zeroPoint() * sum;
    double most = Math.max(127 * positive - 128 * negative + zeroed, zeroed);
    double least = Math.min(127 * negative - 128 * positive + zeroed, zeroed);
    boolean fits = most <= Integer.MAX_VALUE && least >= Integer.MIN_VALUE;
    return fits ? (long) zeroed : OVERFLOW;
  }
}
