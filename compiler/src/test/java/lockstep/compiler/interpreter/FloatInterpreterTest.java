// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.Workloads;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.operators.Nearness;
import lockstep.compiler.passes.Pass;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.zoo.Zoo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models in floats, against the outputs that came with them and before and after passes. */
class FloatInterpreterTest {
  private static final double TOLERANCE = 1e-5;

  private static double worst;

  @AfterAll
  static void sayHowFar() {
    System.out.printf("float interpreter: at most %.1e of the largest value%n", worst);
  }

  /** With the inputs as constants, so that ONNX Runtime takes token numbers, too. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet8", "bert_tiny", "llama_block"})
  void equalsOnnxRuntimeOnBuiltInModels(String name) {
    Graph graph = ResolveOperators.apply(Zoo.graph(name));
    Map<String, Constant> inputs = drawn(graph);
    Map<String, Constant> results = FloatInterpreter.run(graph, inputs);
    Map<String, Constant> constants = new HashMap<>(graph.constants());
    constants.putAll(inputs);
    Map<String, ValueType> types = new HashMap<>(graph.types());
    types.keySet().removeAll(inputs.keySet());
    Graph closed =
        new Graph(
            graph.name(),
            graph.opset(),
            List.of(),
            graph.nodes(),
            graph.outputs(),
            types,
            constants,
            Map.of());
    try (HostSession session = HostSession.open(OnnxWriter.write(closed), name)) {
      session
          .run(Map.of())
          .forEach(
              (output, value) -> {
                String what = name + ", " + output;
                double distance = Nearness.require(what, results.get(output), value, TOLERANCE);
                worst = Math.max(worst, distance);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet8", "ds_cnn", "bert_tiny", "llama_block"})
  void everyPassKeepsTheValuesOfBuiltInModels(String name) {
    everyPassKeepsTheValues(ResolveOperators.apply(Zoo.graph(name)), 1e-4);
  }

  @Test
  void everyPassKeepsTheValuesOfATransformer() {
    everyPassKeepsTheValues(ModelCompiler.read(Workloads.model("vit_tiny_like")), 1e-4);
  }

  /** Absorbed encodings still round; a tie may round elsewhere, so that codes differ by a step. */
  @Test
  void everyPassKeepsTheStepsOfAQuantisedModel() {
    everyPassKeepsTheValues(ModelCompiler.read(Workloads.model("dscnn_kws_int8_qdq")), 5e-3);
  }

  private static void everyPassKeepsTheValues(Graph graph, double tolerance) {
    Map<String, Constant> inputs = drawn(graph);
    Map<String, Constant> before = FloatInterpreter.run(graph, inputs);
    Graph after = graph;
    for (Pass pass : Pipeline.standard().passes()) {
      Graph next = pass.apply(after);
      if (!next.equals(after)) {
        Map<String, Constant> results = FloatInterpreter.run(next, inputs);
        before.forEach(
            (output, value) ->
                Nearness.require(
                    output + " after " + pass.name(), results.get(output), value, tolerance));
      }
      after = next;
    }
    assertThat(after).isNotEqualTo(graph);
  }

  private static Map<String, Constant> drawn(Graph graph) {
    Random random = new Random(17);
    Map<String, Constant> inputs = new HashMap<>();
    for (String input : graph.inputs()) {
      Shape shape = graph.type(input).shape();
      ElementType element = graph.type(input).element();
      if (element != ElementType.FLOAT) {
        long[] tokens = random.longs(shape.elements(), 0, 2).toArray();
        inputs.put(input, new Constant.Integers(element, shape, tokens));
        continue;
      }
      float[] values = new float[(int) shape.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.put(input, new Constant.Floats(shape, values));
    }
    return inputs;
  }

  private static Graph of(String type, String... inputs) {
    Op op = new Op.Foreign(type, "", new TreeMap<>());
    return new Graph(
        "test",
        17,
        List.of("x"),
        List.of(new Node("n", op, List.of(inputs), List.of("y"), List.of())),
        List.of(new Graph.Result("result", "y")),
        Map.of("x", ValueType.floats(2), "y", ValueType.floats(2)),
        Map.of(),
        Map.of());
  }

  @Test
  void outputsHaveTheirOwnNames() {
    Constant x = new Constant.Floats(Shape.of(2), new float[] {-1, 2});
    assertThat(FloatInterpreter.run(of("Relu", "x"), Map.of("x", x)))
        .isEqualTo(Map.of("result", new Constant.Floats(Shape.of(2), new float[] {0, 2})));
    assertThat(FloatInterpreter.run(of("Add", "x", "x"), Map.of("x", x)).get("result").floats())
        .containsExactly(-2, 4);
  }

  @Test
  void whatCannotRunIsNamed() {
    Constant x = new Constant.Floats(Shape.of(2), new float[2]);
    assertThatThrownBy(() -> FloatInterpreter.run(of("Relu", "x"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("the model's input 'x' is not given");
    assertThatThrownBy(() -> FloatInterpreter.run(of("Frobnicate", "x"), Map.of("x", x)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("node 'n' (Frobnicate) cannot be evaluated");
  }
}
