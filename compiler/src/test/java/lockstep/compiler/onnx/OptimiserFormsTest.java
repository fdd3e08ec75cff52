// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.operators.Nearness;
import org.junit.jupiter.api.Test;

/** What ONNX Runtime's optimiser writes, taken apart, gives what ONNX Runtime gives. */
class OptimiserFormsTest {
  private final Random random = new Random(11);

  private Constant floats(int... dims) {
    float[] values = new float[(int) Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Constant.Floats(Shape.of(dims), values);
  }

  private static Constant mask(int... values) {
    long[] numbers = java.util.Arrays.stream(values).asLongStream().toArray();
    return new Constant.Integers(ElementType.INT32, Shape.of(2, values.length / 2), numbers);
  }

  /** The node alone; its first operand is the input, null operands are absent. */
  private static Graph graph(
      String type,
      Map<String, Attribute> attributes,
      int outputs,
      Shape y,
      List<Constant> operands) {
    Map<String, Constant> constants = new HashMap<>();
    Map<String, ValueType> types = new HashMap<>(Map.of("x", operands.getFirst().type()));
    List<String> inputs = new ArrayList<>(List.of("x"));
    for (int i = 1; i < operands.size(); i++) {
      inputs.add(operands.get(i) == null ? "" : "c" + i);
      if (operands.get(i) != null) {
        constants.put("c" + i, operands.get(i));
      }
    }
    List<String> written = new ArrayList<>(List.of("y"));
    for (int i = 1; i < outputs; i++) {
      written.add(i == outputs - 1 ? "z" : "");
    }
    List<Graph.Result> results = new ArrayList<>();
    for (String each : written) {
      if (!each.isEmpty()) {
        types.put(each, ValueType.floats(y.dims().stream().mapToInt(d -> d).toArray()));
        results.add(new Graph.Result(each, each));
      }
    }
    Op op = new Op.Foreign(type, "com.microsoft", new TreeMap<>(attributes));
    return new Graph(
        "one",
        17,
        List.of("x"),
        List.of(new Node("node", op, inputs, written, List.of("node"))),
        results,
        types,
        constants,
        Map.of());
  }

  private Graph check(Graph graph, Constant x) {
    byte[] onnx = OnnxWriter.write(graph);
    Graph read = ModelCompiler.read(new ModelSource.InMemory("one", onnx));
    Map<String, Constant> actual = FloatInterpreter.run(read, Map.of("x", x));
    Map<String, Constant> expected;
    try (HostSession session = HostSession.open(onnx, "the model")) {
      expected = session.run(Map.of("x", x));
    }
    expected.forEach((name, value) -> Nearness.require(name, actual.get(name), value, 1e-5));
    assertThat(expected).isNotEmpty();
    return read;
  }

  private static List<String> foreign(Graph graph) {
    return graph.nodes().stream()
        .filter(n -> n.op() instanceof Op.Foreign)
        .map(n -> ((Op.Foreign) n.op()).type())
        .toList();
  }

  private static Map<String, Attribute> heads(Map<String, Attribute> others) {
    Map<String, Attribute> all = new HashMap<>(others);
    all.put("num_heads", new Attribute.Int(2));
    return all;
  }

  @Test
  void biases() {
    Constant x = floats(2, 3, 8);
    for (String type : List.of("BiasGelu", "FastGelu")) {
      Graph read = check(graph(type, Map.of(), 1, x.shape(), List.of(x, floats(8))), x);
      assertThat(foreign(read)).containsExactly(type.replace("Bias", ""));
      assertThat(read.nodes().getFirst().op()).isInstanceOf(Op.Add.class);
    }
  }

  @Test
  void skippedSums() {
    Constant x = floats(2, 3, 8);
    List<Constant> operands =
        new ArrayList<>(List.of(x, floats(2, 3, 8), floats(8), floats(8), floats(8)));
    Map<String, Attribute> epsilon = Map.of("epsilon", new Attribute.Real(1e-3f));
    Graph all = check(graph("SkipLayerNormalization", epsilon, 4, x.shape(), operands), x);
    assertThat(foreign(all)).containsExactly("LayerNormalization");
    operands.remove(4);
    operands.set(3, null);
    check(graph("SkipLayerNormalization", epsilon, 1, x.shape(), operands), x);
  }

  @Test
  void attentionOfOneInput() {
    Constant x = floats(2, 5, 6);
    List<Constant> operands = new ArrayList<>(List.of(x, floats(6, 24), floats(24)));
    Shape y = Shape.of(2, 5, 8);
    Graph plain = check(graph("Attention", heads(Map.of()), 1, y, operands), x);
    assertThat(foreign(plain)).contains("Softmax").doesNotContain("Attention");
    Map<String, Attribute> causal = Map.of("unidirectional", new Attribute.Int(1));
    check(graph("Attention", heads(causal), 1, y, operands), x);
    operands.add(mask(1, 1, 1, 0, 0, 1, 1, 1, 1, 0));
    check(graph("Attention", heads(Map.of("scale", new Attribute.Real(0.3f))), 1, y, operands), x);
  }

  @Test
  void attentionOfThreeInputs() {
    Constant q = floats(2, 5, 8);
    List<Constant> operands = new ArrayList<>(List.of(q, floats(2, 3, 8), floats(2, 3, 8)));
    Shape y = Shape.of(2, 5, 8);
    check(graph("MultiHeadAttention", heads(Map.of()), 1, y, operands), q);
    operands.add(floats(24));
    operands.add(mask(1, 1, 0, 1, 0, 0));
    Graph read = check(graph("MultiHeadAttention", heads(Map.of()), 1, y, operands), q);
    assertThat(foreign(read)).doesNotContain("MultiHeadAttention");
  }

  @Test
  void productsReachTheMachine() {
    Constant x = floats(1, 16, 16);
    Graph one =
        graph(
            "Attention",
            heads(Map.of()),
            1,
            Shape.of(1, 16, 32),
            List.of(x, floats(16, 96), floats(96)));
    var model =
        ModelCompiler.network(
            new ModelSource.InMemory("one", OnnxWriter.write(one)), QuantisationOptions.defaults());
    assertThat(model.network().layers().stream().map(l -> l.getClass().getSimpleName()))
        .contains("Convolution", "MatrixProduct", "View");
    assertThat(model.network().siblings()).hasSize(1);
  }
}
