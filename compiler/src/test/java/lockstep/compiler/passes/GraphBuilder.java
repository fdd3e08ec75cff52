// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/** Small graphs for tests; constants are seeded. */
public final class GraphBuilder {
  private final Random random = new Random(7);
  private final List<String> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Graph.Result> outputs = new ArrayList<>();
  private final Map<String, ValueType> types = new HashMap<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, Encoding> quantisations = new HashMap<>();
  private int opset = 17;

  public GraphBuilder opset(int version) {
    opset = version;
    return this;
  }

  public GraphBuilder input(String name, int... dims) {
    inputs.add(name);
    types.put(name, ValueType.floats(dims));
    return this;
  }

  public GraphBuilder integers(String name, ElementType element, int... dims) {
    inputs.add(name);
    types.put(name, new ValueType(element, Shape.of(dims)));
    return this;
  }

  /** Floats uniform from -1 to 1. */
  public GraphBuilder constant(String name, int... dims) {
    float[] values = new float[(int) Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return constant(name, new Constant.Floats(Shape.of(dims), values));
  }

  public GraphBuilder constant(String name, Constant constant) {
    constants.put(name, constant);
    return this;
  }

  public GraphBuilder node(String output, Op op, String... operands) {
    ValueType type =
        TypeInference.infer(
            op, List.of(operands).stream().map(this::type).toList(), constants.get(operands[0]));
    types.put(output, type);
    nodes.add(
        new Node(
            "node " + output, op, List.of(operands), List.of(output), List.of("source " + output)));
    return this;
  }

  /** An operator in its ONNX form, whose output has the shape of its first operand. */
  public GraphBuilder foreign(String output, String type, String... operands) {
    return foreign(output, type, new TreeMap<>(), type(operands[0]).shape(), operands);
  }

  public GraphBuilder foreign(
      String output,
      String type,
      SortedMap<String, Attribute> attributes,
      Shape shape,
      String... operands) {
    types.put(output, ValueType.floats(shape));
    nodes.add(
        new Node(
            "node " + output,
            new Op.Foreign(type, "", attributes),
            List.of(operands),
            List.of(output),
            List.of("source " + output)));
    return this;
  }

  /** ReduceMean, ReduceSum or ReduceMax over the last dimension, which stays. */
  public GraphBuilder reduced(String output, String type, String x) {
    Shape shape = type(x).shape();
    SortedMap<String, Attribute> keeps = new TreeMap<>(Map.of("keepdims", new Attribute.Int(1)));
    Shape kept = shape.with(shape.rank() - 1, 1);
    if (!type.equals("ReduceSum")) {
      keeps.put("axes", new Attribute.Ints(List.of(-1L)));
      return foreign(output, type, keeps, kept, x);
    }
    Constant axes = new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {-1});
    return constant(output + "/axes", axes).foreign(output, type, keeps, kept, x, output + "/axes");
  }

  public GraphBuilder scalar(String name, double value) {
    return constant(name, new Constant.Floats(Shape.SCALAR, new float[] {(float) value}));
  }

  public GraphBuilder quantised(String value, double scale, int zeroPoint) {
    quantisations.put(value, new Encoding(scale, zeroPoint));
    return this;
  }

  public GraphBuilder output(String... values) {
    for (String value : values) {
      outputs.add(new Graph.Result(value, value));
    }
    return this;
  }

  public Graph build() {
    return new Graph("test", opset, inputs, nodes, outputs, types, constants, quantisations);
  }

  private ValueType type(String value) {
    return constants.containsKey(value) ? constants.get(value).type() : types.get(value);
  }
}
