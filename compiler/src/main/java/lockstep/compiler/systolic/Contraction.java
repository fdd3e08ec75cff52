// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/**
 * The one problem the array solves: a convolution over the channels of one or several sources, in
 * the shape that mapping and lowering need. Everything a {@link lockstep.compiler.network.Network}
 * asks of the machine becomes one of these.
 *
 * @param sources tensors of equal batch, height and width, concatenated along channels
 * @param outChannels output channels
 * @param groups convolution groups
 * @param weights constant weights, or null when {@code right} gives them
 * @param right the right operand of a matrix product, or null
 * @param bias per output channel
 * @param results the tensors written, each a range of the output channels that begins a block;
 *     {@code out} and {@code output} describe them as one
 * @param convH height before pooling
 * @param convW width before pooling
 */
record Contraction(
    String name,
    List<Tensor> sources,
    int outChannels,
    int groups,
    Window window,
    @Nullable Weights weights,
    @Nullable Tensor right,
    int[] bias,
    Output out,
    Tensor output,
    List<Result> results,
    int convH,
    int convW) {

  /**
   * Constant weights: that of output channel {@code n}, input channel {@code c} of its group, and
   * tap is {@code values[n perOutput + c perInput + fy perLine + fx perColumn]}.
   */
  record Weights(byte[] values, int perOutput, int perInput, int perLine, int perColumn) {
    int index(int n, int c, int fy, int fx) {
      return n * perOutput + c * perInput + fy * perLine + fx * perColumn;
    }
  }

  /**
   * A tensor that is written.
   *
   * @param out what happens on the way to it; parameters for each channel are the contraction's
   * @param firstChannel its first channel among the output channels
   */
  record Result(Tensor tensor, Output out, int firstChannel) {}

  Contraction withResults(List<Result> others) {
    return new Contraction(
        name,
        sources,
        outChannels,
        groups,
        window,
        weights,
        right,
        bias,
        out,
        output,
        List.copyOf(others),
        convH,
        convW);
  }

  int inH() {
    return sources.getFirst().h();
  }

  int inW() {
    return sources.getFirst().w();
  }

  int images() {
    return sources.getFirst().n();
  }

  int inChannels() {
    return sources.stream().mapToInt(Tensor::c).sum();
  }

  int groupChannels() {
    return inChannels() / groups;
  }

  Window pool() {
    return out.pool() == null ? Window.POINT : out.pool();
  }

  /** Multiply-accumulates that the layer needs. */
  long macs() {
    return (long) images()
        * convH
        * convW
        * outChannels
        * groupChannels()
        * window.kernelH()
        * window.kernelW();
  }
}
