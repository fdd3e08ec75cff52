// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Builds a network in the ONNX operators that PyTorch's exporter emits for inference. Weights are
 * uniform with He's variance (2 / inputs of a neuron), so that activations keep their size from
 * layer to layer; they depend on the seed and on the order of the calls only.
 */
final class ZooBuilder {
  private static final int OPSET = 17;

  private final String name;
  private final RandomGenerator random;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, Integer> channels = new HashMap<>();
  private final Shape input;

  ZooBuilder(String name, long seed, Shape input) {
    this.name = name;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.input = input;
    channels.put("input", input.dim(1));
  }

  String input() {
    return "input";
  }

  /** A convolution of one square kernel, padded to keep the size at stride 1. */
  String conv(String x, int outputs, int kernel, int stride, int groups, double gain) {
    int pad = kernel / 2;
    return conv(
        x,
        outputs,
        new int[] {kernel, kernel},
        stride,
        new long[] {pad, pad, pad, pad},
        groups,
        gain);
  }

  String conv(
      String x, int outputs, int[] kernel, int stride, long[] pads, int groups, double gain) {
    int perGroup = channelsOf(x) / groups;
    String y = "conv" + nodes.size();
    weights(y + ".weight", Shape.of(outputs, perGroup, kernel[0], kernel[1]), gain);
    biases(y + ".bias", outputs);
    add(
        "Conv",
        List.of(x, y + ".weight", y + ".bias"),
        y,
        Map.of(
            "dilations", ints(1, 1),
            "group", new Attribute.Int(groups),
            "kernel_shape", ints(kernel[0], kernel[1]),
            "pads", ints(pads),
            "strides", ints(stride, stride)));
    channels.put(y, outputs);
    return y;
  }

  String relu(String x) {
    return same("Relu", "relu", List.of(x), Map.of());
  }

  String relu6(String x) {
    constants.putIfAbsent("zero", new Constant.Floats(Shape.SCALAR, new float[] {0}));
    constants.putIfAbsent("six", new Constant.Floats(Shape.SCALAR, new float[] {6}));
    return same("Clip", "clip", List.of(x, "zero", "six"), Map.of());
  }

  String add(String a, String b) {
    return same("Add", "add", List.of(a, b), Map.of());
  }

  String maxPool(String x, int kernel, int stride, int pad) {
    return same(
        "MaxPool",
        "pool",
        List.of(x),
        Map.of(
            "ceil_mode", new Attribute.Int(0),
            "kernel_shape", ints(kernel, kernel),
            "pads", ints(pad, pad, pad, pad),
            "strides", ints(stride, stride)));
  }

  /** Global average, flattening and a fully connected layer; ends the network. */
  Graph classifier(String x, int classes) {
    String average = same("GlobalAveragePool", "average", List.of(x), Map.of());
    String flat =
        same("Flatten", "flatten", List.of(average), Map.of("axis", new Attribute.Int(1)));
    weights("fc.weight", Shape.of(classes, channelsOf(flat)), 1 / Math.sqrt(2));
    biases("fc.bias", classes);
    add(
        "Gemm",
        List.of(flat, "fc.weight", "fc.bias"),
        "output",
        Map.of(
            "alpha", new Attribute.Real(1),
            "beta", new Attribute.Real(1),
            "transB", new Attribute.Int(1)));
    return new Graph(
        name,
        OPSET,
        List.of("input"),
        nodes,
        List.of(new Graph.Result("output", "output")),
        Map.of("input", ValueType.floats(input), "output", ValueType.floats(input.dim(0), classes)),
        constants,
        Map.of());
  }

  private int channelsOf(String value) {
    Integer known = channels.get(value);
    if (known == null) {
      throw new IllegalArgumentException("no value " + value);
    }
    return known;
  }

  private String same(
      String type, String hint, List<String> inputs, Map<String, Attribute> attributes) {
    String y = hint + nodes.size();
    add(type, inputs, y, attributes);
    channels.put(y, channelsOf(inputs.getFirst()));
    return y;
  }

  private void add(
      String type, List<String> inputs, String output, Map<String, Attribute> attributes) {
    SortedMap<String, Attribute> sorted = new TreeMap<>(attributes);
    nodes.add(
        new Node(
            output, new Op.Foreign(type, "", sorted), inputs, List.of(output), List.of(output)));
  }

  private void weights(String weight, Shape shape, double gain) {
    float bound = (float) (gain * Math.sqrt(6.0 / shape.product(1, shape.rank())));
    constants.put(weight, uniform(shape, bound));
  }

  private void biases(String bias, int count) {
    constants.put(bias, uniform(Shape.of(count), 0.1f));
  }

  private Constant uniform(Shape shape, float bound) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (2 * random.nextFloat() - 1) * bound;
    }
    return new Constant.Floats(shape, values);
  }

  private static Attribute.Ints ints(long... values) {
    return new Attribute.Ints(LongStream.of(values).boxed().toList());
  }
}
