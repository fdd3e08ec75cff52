// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
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
 * A network while it is built: nodes in their ONNX form, seeded weights, and the type of every
 * value. Names of values are a hint and the number of nodes before, so they never meet.
 */
final class GraphDraft {
  /** That of PyTorch's exporter by default. */
  static final int OPSET = 17;

  private final String name;
  private final Seeds seeds;
  private final List<String> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, ValueType> types = new HashMap<>();

  GraphDraft(String name, Seeds seeds) {
    this.name = name;
    this.seeds = seeds;
  }

  String input(String input, ValueType type) {
    inputs.add(input);
    types.put(input, type);
    return input;
  }

  Shape shape(String value) {
    Constant constant = constants.get(value);
    ValueType type = constant != null ? constant.type() : types.get(value);
    if (type == null) {
      throw new IllegalArgumentException("no value " + value);
    }
    return type.shape();
  }

  String fresh(String hint) {
    return hint + nodes.size();
  }

  /** A node whose output is a float tensor. */
  String add(
      String operator,
      String output,
      List<String> operands,
      Map<String, Attribute> attributes,
      Shape shape) {
    add(operator, operands, attributes, Map.of(output, ValueType.floats(shape)), List.of(output));
    return output;
  }

  /**
   * A node with any outputs.
   *
   * @param results their types by name
   * @param outputs their names in order
   */
  void add(
      String operator,
      List<String> operands,
      Map<String, Attribute> attributes,
      Map<String, ValueType> results,
      List<String> outputs) {
    types.putAll(results);
    String node = outputs.getFirst();
    nodes.add(
        new Node(
            node,
            new Op.Foreign(operator, "", new TreeMap<>(attributes)),
            operands,
            outputs,
            List.of(node)));
  }

  /** A tensor uniform in {@code centre ± spread}. */
  String uniform(String tensor, Shape shape, float centre, float spread) {
    RandomGenerator random = seeds.generator(tensor);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      float unit = (random.nextLong() >>> 40) * 0x1p-24f;
      values[i] = centre + (2 * unit - 1) * spread;
    }
    return constant(tensor, new Constant.Floats(shape, values));
  }

  /**
   * Weights of neurons with so many inputs, of variance {@code 2 gain² / inputs}: He's for a gain
   * of 1, which keeps activations at their size through a ReLU.
   */
  String weights(String tensor, Shape shape, long inputs, double gain) {
    return uniform(tensor, shape, 0, (float) (gain * Math.sqrt(6.0 / inputs)));
  }

  String biases(String tensor, int count) {
    return uniform(tensor, Shape.of(count), 0, 0.1f);
  }

  String constant(String tensor, Constant constant) {
    constants.putIfAbsent(tensor, constant);
    return tensor;
  }

  String scalar(String tensor, float value) {
    return constant(tensor, new Constant.Floats(Shape.SCALAR, new float[] {value}));
  }

  /** An INT64 vector, one for all who ask for the same numbers. */
  String integers(long... values) {
    return constant(
        "int" + LongStream.of(values).boxed().toList(),
        new Constant.Integers(ElementType.INT64, Shape.of(values.length), values));
  }

  Graph graph(List<String> outputs) {
    return new Graph(
        name,
        OPSET,
        inputs,
        nodes,
        outputs.stream().map(o -> new Graph.Result(o, o)).toList(),
        types,
        constants,
        Map.of());
  }

  static Attribute.Ints ints(long... values) {
    return new Attribute.Ints(LongStream.of(values).boxed().toList());
  }
}
