// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Objects;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Quantisation;
import org.jspecify.annotations.Nullable;

/**
 * Weights and bias of a convolution as integers: {@code real weight = scales[k] x weights[k][..]},
 * {@code bias[k] = realBias[k] / (inputScale x scales[k]) - inputZeroPoint x sum(weights[k])}. No
 * input can make the accumulator leave 32 bits.
 */
record QuantisedWeights(byte[] weights, double[] scales, int[] bias) {
  private static final double LARGEST_BIAS = 1 << 30;
  private static final double BIAS_WITHOUT_WEIGHTS = 1 << 20;

  /**
   * Codes are taken as they are; floats are scaled per output channel to [-127, 127], or to 1 and
   * -1 where all are of one magnitude and there is no bias (averages and copies, which then are
   * exact).
   *
   * @param bias real, per output channel, or null
   * @throws UserError if weights are not finite, or prescribed codes may overflow the accumulator
   */
  static QuantisedWeights of(
      Constant weights, float @Nullable [] bias, Quantisation input, String node) {
    int channels = weights.shape().dim(0);
    int slice = Math.toIntExact(weights.shape().elements() / channels);
    byte[] codes = weights instanceof Constant.Codes c ? c.codes() : new byte[channels * slice];
    double[] scales = new double[channels];
    int[] integerBias = new int[channels];
    float[] reals =
        weights instanceof Constant.Floats || weights instanceof Constant.Integers
            ? weights.floats()
            : null;
    for (int k = 0; k < channels; k++) {
      double realBias = bias == null ? 0 : bias[k];
      if (!Double.isFinite(realBias)) {
        throw notFinite(node, "bias");
      }
      double scale =
          switch (weights) {
            case Constant.Codes c -> c.scales()[c.scales().length == 1 ? 0 : k];
            case Constant.Splat splat ->
                scale(Math.abs(splat.value()), true, realBias, input.scale());
            case Constant.Floats _, Constant.Integers _ ->
                scale(
                    Objects.requireNonNull(reals), k * slice, slice, realBias, input.scale(), node);
          };
      if (!Double.isFinite(scale)) {
        throw notFinite(node, "weights");
      }
      boolean prescribed = weights instanceof Constant.Codes;
      while (true) {
        if (!prescribed) {
          quantise(weights, reals, codes, k * slice, slice, scale);
        }
        long zeroed = bias(codes, k * slice, slice, realBias / (input.scale() * scale), input);
        if (zeroed != Long.MAX_VALUE) {
          scales[k] = scale;
          integerBias[k] = (int) zeroed;
          break;
        }
        if (prescribed) {
          throw new UserError(
              "node '"
                  + node
                  + "': the 32-bit accumulator of output channel "
                  + k
                  + " may overflow with the model's own weights, bias and scales");
        }
        scale *= 2;
      }
    }
    return new QuantisedWeights(codes, scales, integerBias);
  }

  private static double scale(
      float[] values, int from, int count, double bias, double inputScale, String node) {
    float largest = 0;
    float smallest = Float.MAX_VALUE;
    for (int i = from; i < from + count; i++) {
      float magnitude = Math.abs(values[i]);
      if (!(magnitude <= Float.MAX_VALUE)) {
        throw notFinite(node, "weights");
      }
      largest = Math.max(largest, magnitude);
      smallest = Math.min(smallest, magnitude);
    }
    return scale(largest, smallest == largest, bias, inputScale);
  }

  private static double scale(double largest, boolean uniform, double bias, double inputScale) {
    if (largest == 0) {
      return bias == 0 ? 1 : Math.abs(bias) / (inputScale * BIAS_WITHOUT_WEIGHTS);
    }
    double natural = uniform && bias == 0 ? largest : largest / 127;
    return Math.max(natural, Math.abs(bias) / (inputScale * LARGEST_BIAS));
  }

  private static void quantise(
      Constant weights, float @Nullable [] reals, byte[] codes, int from, int count, double scale) {
    if (reals == null) {
      byte code = (byte) Math.rint(((Constant.Splat) weights).value() / scale);
      java.util.Arrays.fill(codes, from, from + count, code);
      return;
    }
    for (int i = from; i < from + count; i++) {
      codes[i] = (byte) Math.rint(reals[i] / scale);
    }
  }

  /** The bias for zero-point-free sums, or Long.MAX_VALUE if an accumulator may overflow. */
  private static long bias(byte[] codes, int from, int count, double bias, Quantisation input) {
    long positive = 0;
    long negative = 0;
    for (int i = from; i < from + count; i++) {
      if (codes[i] > 0) {
        positive += codes[i];
      } else {
        negative += codes[i];
      }
    }
    double zeroed = Math.rint(bias) - (double) input.zeroPoint() * (positive + negative);
    double most = Math.max(127 * positive - 128 * negative + zeroed, zeroed);
    double least = Math.min(127 * negative - 128 * positive + zeroed, zeroed);
    boolean fits = most <= Integer.MAX_VALUE && least >= Integer.MIN_VALUE;
    return fits ? (long) zeroed : Long.MAX_VALUE;
  }

  private static UserError notFinite(String node, String what) {
    return new UserError(
        "the "
            + what
            + " of node '"
            + node
            + "', with normalisation folded in, are not finite numbers; train or export again");
  }
}
