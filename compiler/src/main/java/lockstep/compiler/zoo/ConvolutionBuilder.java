// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.GraphDraft.ints;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Layers of convolutional networks, batch normalisation folded into the convolution before it as
 * PyTorch's exporter does. Values are [batch, channels, height, width].
 */
final class ConvolutionBuilder {
  /** Of the last convolution of a residual branch, so that sums do not grow along the network. */
  static final double BRANCH_GAIN = 0.5;

  /** Of a layer without ReLU behind it. */
  static final double LINEAR_GAIN = 1 / Math.sqrt(2);

  private final GraphDraft draft;
  private final String input;

  ConvolutionBuilder(String name, Seeds seeds, int... input) {
    this.draft = new GraphDraft(name, seeds);
    this.input = draft.input("input", ValueType.floats(input));
  }

  String input() {
    return input;
  }

  int channels(String x) {
    return draft.shape(x).dim(1);
  }

  /** A convolution of one square kernel, padded to keep the size at stride 1. */
  String conv(String x, int outputs, int kernel, int stride, int groups, double gain) {
    int pad = kernel / 2;
    return conv(x, outputs, new Window(kernel, stride, pad), groups, gain);
  }

  /**
   * A kernel's sizes, strides and paddings: height before width, paddings above, left, below,
   * right.
   */
  record Window(int height, int width, int stride, long above, long left, long below, long right) {
    Window(int kernel, int stride, int pad) {
      this(kernel, kernel, stride, pad, pad, pad, pad);
    }

    /** Stride 1, padded to keep the size. */
    static Window same(int height, int width) {
      return new Window(height, width, 1, height / 2, width / 2, height / 2, width / 2);
    }

    private Shape over(Shape x, int channels) {
      return Shape.of(
          x.dim(0),
          channels,
          (int) (x.dim(2) + above + below - height) / stride + 1,
          (int) (x.dim(3) + left + right - width) / stride + 1);
    }
  }

  String conv(String x, int outputs, Window window, int groups, double gain) {
    return conv(x, outputs, window, groups, gain, true);
  }

  /** A convolution whose output no batch normalisation follows, so nothing gives it a bias. */
  String unbiased(String x, int outputs, Window window, double gain) {
    return conv(x, outputs, window, 1, gain, false);
  }

  private String conv(
      String x, int outputs, Window window, int groups, double gain, boolean biased) {
    int perGroup = channels(x) / groups;
    String y = draft.fresh("conv");
    Shape kernel = Shape.of(outputs, perGroup, window.height(), window.width());
    String weight = draft.weights(y + ".weight", kernel, kernel.product(1, 4), gain);
    return draft.add(
        "Conv",
        y,
        biased ? List.of(x, weight, draft.biases(y + ".bias", outputs)) : List.of(x, weight),
        Map.of(
            "dilations", ints(1, 1),
            "group", new Attribute.Int(groups),
            "kernel_shape", ints(window.height(), window.width()),
            "pads", ints(window.above(), window.left(), window.below(), window.right()),
            "strides", ints(window.stride(), window.stride())),
        window.over(draft.shape(x), outputs));
  }

  /** Convolution and ReLU. */
  String convRelu(String x, int outputs, Window window) {
    return relu(conv(x, outputs, window, 1, 1));
  }

  /** Batch normalisation that no convolution can take in. */
  String batchNorm(String x) {
    return Dense.batchNorm(draft, x);
  }

  String relu(String x) {
    return draft.add("Relu", draft.fresh("relu"), List.of(x), Map.of(), draft.shape(x));
  }

  String relu6(String x) {
    List<String> operands = List.of(x, draft.scalar("zero", 0), draft.scalar("six", 6));
    return draft.add("Clip", draft.fresh("clip"), operands, Map.of(), draft.shape(x));
  }

  String add(String a, String b) {
    return draft.add("Add", draft.fresh("add"), List.of(a, b), Map.of(), draft.shape(a));
  }

  String concat(List<String> parts) {
    int sum = parts.stream().mapToInt(this::channels).sum();
    return draft.add(
        "Concat",
        draft.fresh("concat"),
        parts,
        Map.of("axis", new Attribute.Int(1)),
        draft.shape(parts.getFirst()).with(1, sum));
  }

  String maxPool(String x, int kernel, int stride, int pad) {
    return draft.add(
        "MaxPool",
        draft.fresh("pool"),
        List.of(x),
        Map.of(
            "ceil_mode", new Attribute.Int(0),
            "kernel_shape", ints(kernel, kernel),
            "pads", ints(pad, pad, pad, pad),
            "strides", ints(stride, stride)),
        new Window(kernel, stride, pad).over(draft.shape(x), channels(x)));
  }

  /** Padding counts as zeros. */
  String averagePool(String x, int kernel, int stride, int pad) {
    return draft.add(
        "AveragePool",
        draft.fresh("average"),
        List.of(x),
        Map.of(
            "ceil_mode", new Attribute.Int(0),
            "count_include_pad", new Attribute.Int(1),
            "kernel_shape", ints(kernel, kernel),
            "pads", ints(pad, pad, pad, pad),
            "strides", ints(stride, stride)),
        new Window(kernel, stride, pad).over(draft.shape(x), channels(x)));
  }

  /** Global average, flattening and a fully connected layer; ends the network. */
  Graph classifier(String x, int classes) {
    Shape shape = draft.shape(x);
    String average =
        draft.add(
            "GlobalAveragePool",
            draft.fresh("average"),
            List.of(x),
            Map.of(),
            shape.with(2, 1).with(3, 1));
    String flat =
        draft.add(
            "Flatten",
            draft.fresh("flatten"),
            List.of(average),
            Map.of("axis", new Attribute.Int(1)),
            Shape.of(shape.dim(0), shape.dim(1)));
    return draft.graph(List.of(Dense.gemm(draft, flat, "fc", classes, LINEAR_GAIN, "output")));
  }
}
