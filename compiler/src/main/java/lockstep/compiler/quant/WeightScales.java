// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import java.util.stream.IntStream;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.network.Accumulator;
import org.jspecify.annotations.Nullable;

/**
 * The scale of each output channel's weights. The greatest code, {@code 2^(bits-1) - 1}, is the
 * greatest magnitude; with calibration by mean squared error it is the one of 40ths of that which
 * has the least error. Where all weights of a scale are of one magnitude and there is no bias
 * (averages and copies), that magnitude is code 1, which is exact.
 */
final class WeightScales {
  private static final double BIAS_WITHOUT_WEIGHTS = 1 << 20;
  private static final int STEPS = 40;

  /**
   * Added and taken away again it rounds smaller magnitudes half to even, as IEEE 754 sums do; for
   * Math.rint a compiler that is quick to start makes a call.
   */
  private static final double ROUNDING = 0x1.8p52;

  private WeightScales() {}

  /** Bits of a layer's codes: where all weights are one number, 8 hold it as well as more. */
  static int bits(Constant weights, LayerQuantisation choices) {
    return weights instanceof Constant.Splat
        ? Math.min(Byte.SIZE, choices.weightBits())
        : choices.weightBits();
  }

  /** The greatest code of so many bits. */
  static int greatest(int bits) {
    return (1 << (bits - 1)) - 1;
  }

  /** The nearest code, half to even, saturating. */
  static int code(double real, double scale, int greatest) {
    double steps = real / scale;
    double held = steps > greatest ? greatest : steps < -greatest ? -greatest : steps;
    return (int) (held + ROUNDING - ROUNDING);
  }

  /**
   * @param accumulator holds the bias, in at most half of its range
   * @throws UserError if weights are not finite
   */
  static double[] of(
      Constant weights,
      float[] bias,
      double inputScale,
      Accumulator accumulator,
      String node,
      LayerQuantisation choices) {
    int slice = Math.toIntExact(weights.shape().elements() / bias.length);
    float[] reals = weights instanceof Constant.Splat ? null : weights.floats();
    int greatest = greatest(bits(weights, choices));
    double largestBias = -0.5 * accumulator.least();
    boolean search = choices.calibration() instanceof Calibration.MeanSquaredError;
    double[] scales = new double[bias.length];
    switch (choices.weights()) {
      case CHANNEL ->
          IntStream.range(0, bias.length)
              .parallel()
              .forEach(
                  k -> {
                    Magnitudes m = Magnitudes.of(weights, reals, k * slice, slice, node);
                    double natural = natural(m, bias[k] == 0, greatest, search);
                    scales[k] = withBias(natural, bias[k], inputScale, largestBias);
                  });
      case TENSOR -> {
        Magnitudes m = Magnitudes.of(weights, reals, 0, bias.length * slice, node);
        boolean unbiased = IntStream.range(0, bias.length).allMatch(k -> bias[k] == 0);
        double natural = natural(m, unbiased, greatest, search);
        double largest = 0;
        for (float each : bias) {
          largest = Math.max(largest, withBias(natural, each, inputScale, largestBias));
        }
        Arrays.fill(scales, largest);
      }
    }
    return scales;
  }

  /** Weights that share a scale. */
  private record Magnitudes(
      float @Nullable [] values, int from, int count, double largest, double smallest) {
    static Magnitudes of(
        Constant weights, float @Nullable [] reals, int from, int count, String node) {
      if (reals == null) {
        double magnitude = Math.abs(((Constant.Splat) weights).value());
        if (!Double.isFinite(magnitude)) {
          throw notFinite(node, "weights");
        }
        return new Magnitudes(null, from, count, magnitude, magnitude);
      }
      float largest = 0;
      float smallest = Float.MAX_VALUE;
      for (int i = from; i < from + count; i++) {
        float magnitude = Math.abs(reals[i]);
        if (!(magnitude <= Float.MAX_VALUE)) {
          throw notFinite(node, "weights");
        }
        largest = Math.max(largest, magnitude);
        smallest = Math.min(smallest, magnitude);
      }
      return new Magnitudes(reals, from, count, largest, smallest);
    }
  }

  /** The scale without regard to the bias; 0 if all weights are 0. */
  private static double natural(Magnitudes m, boolean unbiased, int greatest, boolean search) {
    if (m.largest() == m.smallest() && unbiased) {
      return m.largest();
    }
    double whole = m.largest() / greatest;
    float[] values = m.values();
    if (!search || values == null || whole == 0) {
      return whole;
    }
    double best = whole;
    double least = Double.POSITIVE_INFINITY;
    for (int step = STEPS; step > 0; step--) {
      double scale = whole * step / STEPS;
      double error = 0;
      for (int i = m.from(); i < m.from() + m.count() && error < least; i++) {
        double difference = values[i] - scale * code(values[i], scale, greatest);
        error += difference * difference;
      }
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    return best;
  }

  /** At least so large that the bias in steps of {@code inputScale x scale} fits. */
  private static double withBias(
      double natural, double bias, double inputScale, double largestBias) {
    if (natural == 0) {
      return bias == 0 ? 1 : Math.abs(bias) / (inputScale * BIAS_WITHOUT_WEIGHTS);
    }
    return Math.max(natural, Math.abs(bias) / (inputScale * largestBias));
  }

  static UserError notFinite(String node, String what) {
    return new UserError(
        "the "
            + what
            + " of node '"
            + node
            + "', with normalisation folded in, are not finite numbers; train or export again");
  }
}
