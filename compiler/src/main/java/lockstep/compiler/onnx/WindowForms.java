// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static lockstep.compiler.onnx.OnnxWriter.attributes;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;

/** ONNX forms of image operators, activations and padding, which vary with rank and version. */
record WindowForms(OnnxWriter writer, int opset) {
  private static final int HARD_SWISH_SINCE = 14;

  void conv(Op.Conv conv, int rank, List<String> inputs, String output) {
    SortedMap<String, Attribute> attributes = window(conv.window(), rank, true);
    attributes.put("group", new Attribute.Int(conv.groups()));
    writer.node("Conv", inputs, output, attributes);
  }

  void maxPool(Window window, int rank, String input, String output) {
    boolean dilated = window.dilationH() > 1 || window.dilationW() > 1;
    writer.node("MaxPool", List.of(input), output, window(window, rank, dilated));
  }

  void averagePool(Window window, int rank, String input, String output) {
    SortedMap<String, Attribute> attributes = window(window, rank, false);
    attributes.put("count_include_pad", new Attribute.Int(1));
    writer.node("AveragePool", List.of(input), output, attributes);
  }

  void activation(Activation activation, String input, String output) {
    switch (activation) {
      case Activation.Leaky leaky ->
          writer.node(
              "LeakyRelu",
              List.of(input),
              output,
              attributes("alpha", new Attribute.Real((float) leaky.slope())));
      case Activation.Clamp clamp -> {
        if (clamp.equals(Activation.NONE)) {
          writer.node("Identity", List.of(input), output, attributes());
        } else if (clamp.equals(Activation.RELU)) {
          writer.node("Relu", List.of(input), output, attributes());
        } else {
          clip(clamp, input, output);
        }
      }
    }
  }

  private void clip(Activation.Clamp clamp, String input, String output) {
    SortedMap<String, Attribute> attributes = attributes();
    List<String> inputs = new ArrayList<>(List.of(input));
    double[] bounds = {clamp.min(), clamp.max()};
    String[] names = {"min", "max"};
    for (int i = 0; i < 2; i++) {
      boolean bounded = !Double.isInfinite(bounds[i]);
      float bound = (float) bounds[i];
      if (opset < 11 && bounded) {
        attributes.put(names[i], new Attribute.Real(bound));
      } else if (opset >= 11) {
        inputs.add(
            bounded
                ? writer.addConstant(
                    output + "/" + names[i], new Constant.Floats(Shape.SCALAR, new float[] {bound}))
                : "");
      }
    }
    writer.node("Clip", inputs, output, attributes);
  }

  /** Whether this is an operator that {@link #hardSwish} writes. */
  static boolean unknownHardSwish(Op.Foreign op, int opset) {
    return opset < HARD_SWISH_SINCE && op.domain().isEmpty() && op.type().equals("HardSwish");
  }

  /** As its gate and a product, for operator sets that have no HardSwish. */
  void hardSwish(String input, String output) {
    String gate = writer.fresh(output + "/gate");
    writer.node(
        "HardSigmoid",
        List.of(input),
        gate,
        attributes("alpha", new Attribute.Real(1f / 6), "beta", new Attribute.Real(0.5f)));
    writer.node("Mul", List.of(gate, input), output, attributes());
  }

  void pad(Op.Pad pad, String input, String output) {
    List<Long> pads = new ArrayList<>();
    pad.begins().forEach(p -> pads.add((long) p));
    pad.ends().forEach(p -> pads.add((long) p));
    if (opset < 11) {
      writer.node(
          "Pad",
          List.of(input),
          output,
          attributes("pads", new Attribute.Ints(pads), "value", new Attribute.Real(pad.value())));
      return;
    }
    String sizes =
        writer.addConstant(
            output + "/pads",
            new Constant.Integers(
                ElementType.INT64,
                Shape.of(pads.size()),
                pads.stream().mapToLong(Long::longValue).toArray()));
    String value =
        writer.addConstant(
            output + "/value", new Constant.Floats(Shape.SCALAR, new float[] {pad.value()}));
    writer.node("Pad", List.of(input, sizes, value), output, attributes());
  }

  private static SortedMap<String, Attribute> window(Window w, int rank, boolean dilations) {
    SortedMap<String, Attribute> attributes =
        attributes(
            "kernel_shape", ints(rank, w.kernelH(), w.kernelW()),
            "strides", ints(rank, w.strideH(), w.strideW()),
            "pads",
                rank == 4
                    ? ints(4, w.padTop(), w.padLeft(), w.padBottom(), w.padRight())
                    : ints(4, w.padLeft(), w.padRight()));
    if (dilations) {
      attributes.put("dilations", ints(rank, w.dilationH(), w.dilationW()));
    }
    return attributes;
  }

  /** The numbers; of a pair for a value of rank 3, the one that belongs to its width. */
  private static Attribute.Ints ints(int rank, long... values) {
    return new Attribute.Ints(
        LongStream.of(rank == 3 ? new long[] {values[1]} : values).boxed().toList());
  }
}
