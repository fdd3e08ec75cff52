// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.LayerQuantisation.Granularity;
import lockstep.compiler.graph.CodeArray;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.network.Accumulator;
import org.jspecify.annotations.Nullable;

/**
 * Weights and bias of a convolution as integers: {@code real weight = scales[k] x weights[k][..]},
 * {@code bias[k] = realBias[k] / (inputScale x scales[k]) - inputZeroPoint x sum(weights[k])}. No
 * input can make the accumulator leave its range.
 */
record QuantisedWeights(CodeArray weights, double[] scales, long[] bias) {
  private static final long OVERFLOW = Long.MAX_VALUE;

  /**
   * Codes are taken as they are; floats are pruned, and scaled as {@link WeightScales} says.
   *
   * @param bias real, per output channel, or null
   * @param widestResult bits of the codes of result and residual
   * @throws UserError if weights are not finite, or prescribed codes may overflow the accumulator
   */
  static QuantisedWeights of(
      Constant given,
      float @Nullable [] bias,
      Encoding input,
      int widestResult,
      String node,
      LayerQuantisation choices) {
    int channels = given.shape().dim(0);
    float[] realBias = bias == null ? new float[channels] : bias;
    for (float each : realBias) {
      if (!Float.isFinite(each)) {
        throw WeightScales.notFinite(node, "bias");
      }
    }
    int widest = Math.max(input.bits(), widestResult);
    return given instanceof Constant.Codes codes
        ? prescribed(codes, realBias, input, widest, node)
        : chosen(
            WeightPruning.apply(given, choices.pruning()), realBias, input, widest, node, choices);
  }

  private static QuantisedWeights prescribed(
      Constant.Codes given, float[] bias, Encoding input, int widest, String node) {
    Accumulator accumulator = Accumulator.of(Math.max(widest, given.codes().bits()));
    double[] scales = new double[bias.length];
    long[] integers = new long[bias.length];
    for (int k = 0; k < scales.length; k++) {
      scales[k] = given.scales()[given.scales().length == 1 ? 0 : k];
      double exact = bias[k] / (input.scale() * scales[k]);
      integers[k] = bias(given.codes(), k, exact, bias.length, input, accumulator);
      if (integers[k] == OVERFLOW) {
        throw new UserError(
            "node '"
                + node
                + "': the "
                + accumulator.bits()
                + "-bit accumulator of output channel "
                + k
                + " may overflow with the model's own weights, bias and scales");
      }
    }
    return new QuantisedWeights(given.codes(), scales, integers);
  }

  private static QuantisedWeights chosen(
      Constant given,
      float[] bias,
      Encoding input,
      int widest,
      String node,
      LayerQuantisation choices) {
    int bits = WeightScales.bits(given, choices);
    Accumulator accumulator = Accumulator.of(Math.max(widest, bits));
    double[] scales = WeightScales.of(given, bias, input.scale(), accumulator, node, choices);
    int slice = Math.toIntExact(given.shape().elements() / bias.length);
    CodeArray codes = CodeArray.zeros(bias.length * slice, bits);
    long[] integers = new long[bias.length];
    float[] reals = given instanceof Constant.Splat ? null : given.floats();
    int greatest = WeightScales.greatest(bits);
    for (int k = 0; k < bias.length; ) {
      quantise(given, reals, codes, k * slice, slice, scales[k], greatest);
      double exact = bias[k] / (input.scale() * scales[k]);
      long zeroed = bias(codes, k, exact, bias.length, input, accumulator);
      if (zeroed != OVERFLOW) {
        integers[k++] = zeroed;
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
      CodeArray codes,
      int from,
      int count,
      double scale,
      int greatest) {
    if (reals == null) {
      int one = WeightScales.code(((Constant.Splat) weights).value(), scale, greatest);
      codes.fill(from, from + count, one);
      return;
    }
    switch (codes) {
      case CodeArray.Int8(byte[] values) -> {
        for (int i = from; i < from + count; i++) {
          values[i] = (byte) WeightScales.code(reals[i], scale, greatest);
        }
      }
      case CodeArray.Int16(short[] values) -> {
        for (int i = from; i < from + count; i++) {
          values[i] = (short) WeightScales.code(reals[i], scale, greatest);
        }
      }
    }
  }

  /**
   * The bias for zero-point-free sums, or {@link #OVERFLOW} if an accumulator may overflow, with
   * the bias or, where it is wide, before it is added.
   */
  private static long bias(
      CodeArray codes,
      int channel,
      double bias,
      int channels,
      Encoding input,
      Accumulator accumulator) {
    int from = channel * (codes.length() / channels);
    int to = from + codes.length() / channels;
    long sum = 0;
    long magnitudes = 0;
    switch (codes) {
      case CodeArray.Int8(byte[] values) -> {
        for (int i = from; i < to; i++) {
          sum += values[i];
          magnitudes += magnitude(values[i]);
        }
      }
      case CodeArray.Int16(short[] values) -> {
        for (int i = from; i < to; i++) {
          sum += values[i];
          magnitudes += magnitude(values[i]);
        }
      }
    }
    long positive = (magnitudes + sum) / 2;
    long negative = sum - positive;
    double zeroed = Math.rint(bias) - (double) input.zeroPoint() * sum;
    int above = Math.max(Byte.MAX_VALUE, input.greatest());
    int below = Math.min(Byte.MIN_VALUE, input.least());
    double most = (double) above * positive + (double) below * negative;
    double least = (double) above * negative + (double) below * positive;
    boolean fits =
        Math.max(most, 0) + zeroed <= accumulator.greatest()
            && Math.min(least, 0) + zeroed >= accumulator.least();
    boolean sums =
        switch (accumulator) {
          case NARROW -> true;
          case WIDE -> most <= accumulator.greatest() && least >= accumulator.least();
        };
    return fits && sums ? (long) zeroed : OVERFLOW;
  }

  /** Without a branch, which weights of random signs would make slow. */
  private static int magnitude(int code) {
    int sign = code >> 31;
    return (code ^ sign) - sign;
  }
}
