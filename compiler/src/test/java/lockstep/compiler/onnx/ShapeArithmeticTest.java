// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import org.junit.jupiter.api.Test;

/** Sizes that a model computes from its inputs' shapes are known before it runs. */
class ShapeArithmeticTest {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();

  private String node(String type, String output, Map<String, Attribute> attributes, String... in) {
    Op op = new Op.Foreign(type, "", new TreeMap<>(attributes));
    nodes.add(new Node(output, op, List.of(in), List.of(output), List.of(output)));
    return output;
  }

  private String longs(String name, Shape shape, long... values) {
    constants.put(name, new Constant.Integers(ElementType.INT64, shape, values));
    return name;
  }

  private Graph raw(String output, int... input) {
    return new Graph(
        "test",
        17,
        List.of("x"),
        nodes,
        List.of(new Graph.Result(output, output)),
        Map.of("x", ValueType.floats(input)),
        constants,
        Map.of());
  }

  /** As exporters write {@code x.view(x.shape[0], -1, 6)}. */
  @Test
  void shapesFeedAReshape() {
    node("Shape", "shape", Map.of(), "x");
    node("Gather", "batch", Map.of(), "shape", longs("zero", Shape.SCALAR, 0));
    node("Unsqueeze", "first", Map.of(), "batch", longs("axis", Shape.of(1), 0));
    longs("open", Shape.of(1), -1);
    longs("six", Shape.of(1), 6);
    node("Concat", "sizes", Map.of("axis", new Attribute.Int(0)), "first", "open", "six");
    node("Reshape", "y", Map.of(), "x", "sizes");
    Graph graph = GraphCheck.require(ResolveOperators.apply(raw("y", 2, 3, 4)), "reading");
    assertThat(graph.nodes()).hasSize(1);
    assertThat(graph.nodes().getFirst().op()).isEqualTo(new Op.Reshape(Shape.of(2, 2, 6)));
  }

  /** As exporters write {@code x.expand(-1, 3, x.shape[1])} and position embeddings. */
  @Test
  void whereAndRangeFeedAnExpand() {
    node("Shape", "shape", Map.of("start", new Attribute.Int(1)), "x");
    node("Squeeze", "length", Map.of(), "shape");
    node(
        "Range",
        "positions",
        Map.of(),
        longs("from", Shape.SCALAR, 0),
        "length",
        longs("by", Shape.SCALAR, 1));
    longs("asked", Shape.of(3), -1, 3, 4);
    longs("minus", Shape.of(3), -1, -1, -1);
    longs("ones", Shape.of(3), 1, 1, 1);
    node("Equal", "open", Map.of(), "asked", "minus");
    node("Where", "sizes", Map.of(), "open", "ones", "asked");
    node("Cast", "real", Map.of("to", new Attribute.Int(1)), "positions");
    node("Add", "sum", Map.of(), "x", "real");
    node("Expand", "y", Map.of(), "sum", "sizes");
    Graph graph = ResolveOperators.apply(raw("y", 1, 4));
    assertThat(graph.type("y")).isEqualTo(ValueType.floats(1, 3, 4));
  }

  @Test
  void shapesThatDependOnValuesAreRefused() {
    node("NonZero", "y", Map.of(), "x");
    assertThatThrownBy(() -> ResolveOperators.apply(raw("y", 2, 4)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "operator NonZero (node 'y') is not supported: the shape of its result depends on its"
                + " input 0, which is not constant");
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    node("Tile", "y", Map.of(), "x", longs("repeats", Shape.of(3), 1, 2, 3));
    assertThatThrownBy(() -> ResolveOperators.apply(raw("y", 2, 4)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("operator Tile (node 'y') is not supported")
        .hasMessageContaining("3 repeats of 2x4");
  }

  /** Chains are followed without recursion, and each of their nodes once. */
  @Test
  void longChainsOfConstants() {
    String value = longs("start", Shape.of(1), 0);
    longs("one", Shape.of(1), 1);
    for (int i = 0; i < 20_000; i++) {
      value = node("Mod", "m" + i, Map.of(), node("Add", "a" + i, Map.of(), value, "one"), "seven");
    }
    longs("seven", Shape.of(1), 7);
    node("Concat", "sizes", Map.of("axis", new Attribute.Int(0)), value, "one");
    node("Expand", "y", Map.of(), "x", "sizes");
    Graph graph = ResolveOperators.apply(raw("y", 1, 4));
    assertThat(graph.type("y")).isEqualTo(ValueType.floats(20_000 % 7, 4));
    assertThat(graph.nodes()).hasSize(1);
  }
}
