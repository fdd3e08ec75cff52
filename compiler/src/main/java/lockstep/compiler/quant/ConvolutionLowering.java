// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import java.util.List;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/**
 * A fused convolution in integers.
 *
 * <p>With a residual or a leaky activation the accumulator is requantised to {@code 2^-outShift} of
 * an output step, so that only the last rounding loses anything.
 */
final class ConvolutionLowering {
  private static final int LARGEST_OUT_SHIFT = 15;
  private static final int LEAKY_OUT_SHIFT = 8;
  private static final int LARGEST_RESIDUAL_MULTIPLIER = (1 << 16) - 1;
  private static final int LEAK_ONE = 1 << 15;
  private static final double LARGEST_SCALE = (1 << FixedPoint.MULTIPLIER_BITS) - 1;

  private ConvolutionLowering() {}

  /** The largest shift whose residual multiplier has 16 bits; -1 if there is none. */
  static int outShift(double residualScale, double outScale) {
    for (int shift = LARGEST_OUT_SHIFT; shift >= 0; shift--) {
      if (Math.rint(Math.scalb(residualScale / outScale, shift)) <= LARGEST_RESIDUAL_MULTIPLIER) {
        return shift;
      }
    }
    return -1;
  }

  static Layer.Convolution lower(
      Node node,
      Op.Conv conv,
      Constant weights,
      float @Nullable [] bias,
      Tensor input,
      @Nullable Tensor residual,
      Tensor output,
      LayerQuantisation choices) {
    QuantisedWeights integers =
        QuantisedWeights.of(
            weights,
            bias,
            input.encoding(),
            Math.max(output.bits(), residual == null ? 0 : residual.bits()),
            node.name(),
            choices);
    int outShift = 0;
    int residualMultiplier = 0;
    if (residual != null) {
      outShift = outShift(residual.scale(), output.scale());
      double exact = Math.scalb(residual.scale() / output.scale(), outShift);
      residualMultiplier = (int) Math.max(1, Math.rint(exact));
    }
    int leak = LEAK_ONE;
    int min = output.least();
    int max = output.greatest();
    switch (conv.activation()) {
      case Activation.Leaky leaky -> {
        leak = (int) Math.min(0xffff, Math.rint(leaky.slope() * LEAK_ONE));
        outShift = residual == null ? LEAKY_OUT_SHIFT : outShift;
      }
      case Activation.Clamp clamp -> {
        min = code(clamp.min(), output);
        max = code(clamp.max(), output);
      }
    }
    int channels = output.c();
    int[] multipliers = new int[channels];
    int[] shifts = new int[channels];
    for (int k = 0; k < channels; k++) {
      FixedPoint.Scale scale =
          multiplier(input.scale() * integers.scales()[k] / output.scale(), outShift);
      multipliers[k] = scale.multiplier();
      shifts[k] = scale.shift();
    }
    return new Layer.Convolution(
        node.name(),
        List.copyOf(node.source()),
        input,
        integers.weights(),
        integers.bias(),
        conv.groups(),
        conv.window(),
        new Output(
            conv.pool(),
            multipliers,
            shifts,
            residual,
            residualMultiplier,
            leak,
            outShift,
            min,
            max),
        output);
  }

  /**
   * A scale beyond the multiplier's 24 bits takes the greatest one: either turns an accumulator of
   * 1 into more than any range of codes.
   */
  static FixedPoint.Scale multiplier(double scale, int outShift) {
    return FixedPoint.scale(Math.min(LARGEST_SCALE, Math.scalb(scale, outShift)));
  }

  /** The nearest code of a bound. */
  static int code(double real, Tensor output) {
    return (int)
        Math.clamp(
            Math.rint(real / output.scale()) + output.zeroPoint(),
            output.least(),
            output.greatest());
  }

  /** A layer that brings a tensor into another encoding. */
  static Layer.Convolution requantise(String name, List<String> source, Tensor from, Tensor to) {
    byte[] ones = new byte[from.c()];
    Arrays.fill(ones, (byte) 1);
    int[] bias = new int[from.c()];
    Arrays.fill(bias, -from.zeroPoint());
    FixedPoint.Scale scale = multiplier(from.scale() / to.scale(), 0);
    int[] multipliers = new int[from.c()];
    int[] shifts = new int[from.c()];
    Arrays.fill(multipliers, scale.multiplier());
    Arrays.fill(shifts, scale.shift());
    return new Layer.Convolution(
        name,
        source,
        from,
        ones,
        bias,
        from.c(),
        lockstep.compiler.network.Window.POINT,
        new Output(null, multipliers, shifts, null, 0, LEAK_ONE, 0, to.least(), to.greatest()),
        to);
  }
}
