// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * A network of as many nodes as asked for, with tensors so small that only the number of nodes
 * costs time. It repeats five blocks until there are enough nodes:
 *
 * <pre>
 * residual   Conv, BatchNormalization, Relu, Conv, Add, Relu, twice
 * dense      Conv, Concat with what it was made from, BatchNormalization, Relu, Conv
 * inception  two Convs of one value, Relu each, Concat, Conv
 * attention  shape arithmetic, Reshape, Transpose, MatMuls with weights and with each other,
 *            Softmax (which is left to the host), decomposed GELU, Add, and back to an image
 * </pre>
 */
final class GeneratedNetwork {
  private static final int CHANNELS = 16;
  private static final int SIDE = 4;
  private static final int TOKENS = SIDE * SIDE;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final SplittableRandom random = new SplittableRandom(1);

  private GeneratedNetwork() {}

  /** All operators in their ONNX form; the last block is whole, so there may be some nodes more. */
  static Graph of(int nodes) {
    return new GeneratedNetwork().build(nodes);
  }

  private Graph build(int count) {
    String x = "input";
    for (int block = 0; nodes.size() < count; block++) {
      x =
          switch (block % 5) {
            case 0, 1 -> residual(x);
            case 2 -> dense(x);
            case 3 -> inception(x);
            default -> attention(x);
          };
    }
    return new Graph(
        "generated",
        17,
        List.of("input"),
        nodes,
        List.of(new Graph.Result("output", x)),
        Map.of("input", ValueType.floats(1, CHANNELS, SIDE, SIDE), x, image()),
        constants,
        Map.of());
  }

  private static ValueType image() {
    return ValueType.floats(1, CHANNELS, SIDE, SIDE);
  }

  private String residual(String x) {
    String y = add("Relu", norm(conv(x, CHANNELS, CHANNELS, 1), CHANNELS));
    return add("Relu", add("Add", conv(y, CHANNELS, CHANNELS, 3), x));
  }

  private String dense(String x) {
    String y = add("Concat", attribute("axis", 1), x, conv(x, CHANNELS, CHANNELS, 3));
    return conv(add("Relu", norm(y, 2 * CHANNELS)), 2 * CHANNELS, CHANNELS, 1);
  }

  private String inception(String x) {
    String narrow = add("Relu", conv(x, CHANNELS, CHANNELS, 1));
    String wide = add("Relu", conv(x, CHANNELS, CHANNELS, 3));
    String both = add("Concat", attribute("axis", 1), narrow, wide);
    return conv(both, 2 * CHANNELS, CHANNELS, 1);
  }

  private String attention(String x) {
    String batch = add("Gather", attribute("axis", 0), add("Shape", x), integers(0));
    String flat = add("Concat", attribute("axis", 0), batch, integers(CHANNELS, TOKENS));
    String tokens = add("Transpose", permutation(), add("Reshape", x, flat));
    String scores =
        add("MatMul", linear(tokens), add("Transpose", permutation(), linear(tokens)));
    String weights =
        add("Softmax", attribute("axis", -1), add("Div", scores, scalar(4)));
    String sum = add("Add", tokens, linear(add("MatMul", weights, linear(tokens))));
    String error = add("Erf", add("Div", sum, scalar((float) Math.sqrt(2))));
    String gelu =
        add("Mul", add("Mul", sum, add("Add", error, scalar(1))), scalar(0.5f));
    String back = add("Transpose", permutation(), add("Add", sum, linear(gelu)));
    return add("Reshape", back, integers(1, CHANNELS, SIDE, SIDE));
  }

  private String linear(String x) {
    String product = add("MatMul", x, uniform(0.25f, 0, CHANNELS, CHANNELS));
    return add("Add", uniform(0.1f, 0, CHANNELS), product);
  }

  private String conv(String x, int inputs, int outputs, int kernel) {
    float spread = (float) Math.sqrt(1.5 / (inputs * kernel * kernel));
    long pad = kernel / 2;
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", ints(kernel, kernel));
    attributes.put("pads", ints(pad, pad, pad, pad));
    return add(
        "Conv",
        attributes,
        x,
        uniform(spread, 0, outputs, inputs, kernel, kernel),
        uniform(0.1f, 0, outputs));
  }

  private String norm(String x, int channels) {
    return add(
        "BatchNormalization",
        Map.of(),
        x,
        uniform(0.2f, 1, channels),
        uniform(0.1f, 0, channels),
        uniform(0.1f, 0, channels),
        uniform(0.2f, 1, channels));
  }

  private String add(String operator, String... inputs) {
    return add(operator, Map.of(), inputs);
  }

  private String add(String operator, Map<String, Attribute> attributes, String... inputs) {
    String output = operator.toLowerCase(java.util.Locale.ROOT) + nodes.size();
    nodes.add(
        new Node(
            output,
            new Op.Foreign(operator, "", new TreeMap<>(attributes)),
            List.of(inputs),
            List.of(output),
            List.of(output)));
    return output;
  }

  private String uniform(float spread, float centre, int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = centre + (2 * (float) random.nextDouble() - 1) * spread;
    }
    return constant(new Constant.Floats(shape, values));
  }

  private String scalar(float value) {
    return constant(new Constant.Floats(Shape.SCALAR, new float[] {value}));
  }

  private String integers(long... values) {
    return constant(new Constant.Integers(ElementType.INT64, Shape.of(values.length), values));
  }

  private String constant(Constant constant) {
    String name = "constant" + constants.size();
    constants.put(name, constant);
    return name;
  }

  private static Map<String, Attribute> permutation() {
    return Map.of("perm", ints(0, 2, 1));
  }

  private static Map<String, Attribute> attribute(String name, long value) {
    return Map.of(name, new Attribute.Int(value));
  }

  private static Attribute ints(long... values) {
    return new Attribute.Ints(LongStream.of(values).boxed().toList());
  }
}
