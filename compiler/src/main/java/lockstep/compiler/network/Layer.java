// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lockstep.compiler.graph.CodeArray;
import org.jspecify.annotations.Nullable;

/** One step of a {@link Network}. {@code source} names the ONNX nodes it was made from. */
public sealed interface Layer
    permits Layer.Convolution,
        Layer.MatrixProduct,
        Layer.Concat,
        Layer.View,
        Layer.Host,
        LaneLayer {

  String name();

  List<String> source();

  List<Tensor> inputs();

  Tensor output();

  /**
   * Multiply-accumulates of integers before pooling, batch included; 0 where there are none, and
   * where ONNX Runtime does the layer in floats.
   */
  default long macs() {
    return 0;
  }

  /**
   * Convolution in all forms, and everything that is one: Gemm and MatMul with constant weights
   * (1x1), depthwise, per-channel scaling, average pooling (constant weights), copies (identity
   * weights), stand-alone addition and max-pooling (identity weights and an {@link Output}).
   *
   * <p>{@code accumulator[k] = sum over c, fy, fx of input x weights}; input padding is the input's
   * zero point; the input's zero point is folded into {@code bias}: {@code bias[k] = realBias[k] -
   * zeroPoint x sum(weights[k])}, for padded positions too.
   *
   * @param weights [outputChannels][inputChannels / groups][kernelH][kernelW] in row-major order
   * @param bias per output channel, in the accumulator's range
   */
  record Convolution(
      String name,
      List<String> source,
      Tensor input,
      CodeArray weights,
      long[] bias,
      int groups,
      Window window,
      Output out,
      Tensor output)
      implements Layer {
    /** With int8 weights. */
    public Convolution(
        String name,
        List<String> source,
        Tensor input,
        byte[] weights,
        int[] bias,
        int groups,
        Window window,
        Output out,
        Tensor output) {
      this(
          name,
          source,
          input,
          new CodeArray.Int8(weights),
          Arrays.stream(bias).asLongStream().toArray(),
          groups,
          window,
          out,
          output);
    }

    @Override
    public List<Tensor> inputs() {
      return out.residual() == null ? List.of(input) : List.of(input, out.residual());
    }

    /** What its siblings have in common with it; empty if it can have none. */
    public Optional<Sibling> sibling() {
      return groups == 1 && out.residual() == null
          ? Optional.of(new Sibling(input.name(), window, out.pool()))
          : Optional.empty();
    }

    /** Whether each input channel has one weight for all taps of the window, as an average has. */
    public boolean tapsAlike() {
      int taps = window.kernelH() * window.kernelW();
      if (taps > 1) {
        for (int i = 0; i < weights.length(); i++) {
          if (weights.get(i) != weights.get(i - i % taps)) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public long macs() {
      return (long) input.n()
          * output.c()
          * window.outH(input.h())
          * window.outW(input.w())
          * (input.c() / groups)
          * window.kernelH()
          * window.kernelW();
    }
  }

  /**
   * Dense convolutions of one tensor that could be one: their windows and pooling are the same.
   * What comes after pooling may differ from channel to channel.
   */
  record Sibling(String input, Window window, @Nullable Window pool) {}

  /**
   * Product of two activations per batch entry: {@code left} is n x (c=K) x 1 x (w=M), {@code
   * right} is n x (c=N) x 1 x (w=K) with zero point 0, the output n x (c=N) x 1 x (w=M). {@code
   * bias} is zero; the left zero point must be 0, too.
   */
  record MatrixProduct(
      String name, List<String> source, Tensor left, Tensor right, Output out, Tensor output)
      implements Layer {
    @Override
    public List<Tensor> inputs() {
      return List.of(left, right);
    }

    @Override
    public long macs() {
      return output.elements() * left.c();
    }
  }

  /** Joins along channels. All inputs have the output's scale and zero point. */
  record Concat(String name, List<String> source, List<Tensor> inputs, Tensor output)
      implements Layer {}

  /**
   * Channels of a tensor under another name: a split, or heads that become images of their own and
   * back. It moves nothing where the machine can read a range of channels. The bytes are those of
   * channels {@code firstChannel} to {@code firstChannel + channels()} of each image of the input,
   * image after image in row-major order; height, width and encoding are the input's.
   */
  record View(String name, List<String> source, Tensor input, int firstChannel, Tensor output)
      implements Layer {
    @Override
    public List<Tensor> inputs() {
      return List.of(input);
    }

    /** Channels that it takes of each image of the input. */
    public int channels() {
      return output.n() * output.c() / input.n();
    }
  }

  /**
   * A stretch of the model that the machine cannot do: a float ONNX model run by ONNX Runtime, with
   * dequantised inputs and requantised output.
   *
   * @param model serialised ONNX model, its inputs and its output in the order and shape given here
   * @param inputShapes float shape of each input as the model expects it, same element order as the
   *     tensor's n, c, h, w
   * @param reason why the machine cannot do it
   */
  record Host(
      String name,
      List<String> source,
      List<Tensor> inputs,
      Tensor output,
      byte[] model,
      List<long[]> inputShapes,
      String reason)
      implements Layer {}
}
