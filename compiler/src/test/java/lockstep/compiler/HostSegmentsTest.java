// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the machine cannot do: on the host, merged, named, and right. */
class HostSegmentsTest {
  @TempDir Path folder;

  private QuantisedModel check(Graph graph) throws IOException {
    return check(graph, folder);
  }

  /** Quantised, its outputs have at least 25 dB of those of ONNX Runtime. */
  static QuantisedModel check(Graph graph, Path folder) throws IOException {
    byte[] onnx = OnnxWriter.write(graph);
    Path file = folder.resolve("m.onnx");
    Files.write(file, onnx);
    Random random = new Random(2);
    Map<String, float[]> inputs = new HashMap<>();
    for (String input : graph.inputs()) {
      float[] values = new float[(int) graph.type(input).shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.put(input, values);
    }
    QuantisedModel model =
        ModelCompiler.network(
            ModelSource.of(file.toString(), Map.of()),
            QuantisationOptions.calibratedOn(List.of(inputs)));
    Map<String, float[]> actual = Interpreter.runFloats(model, inputs);
    Map<String, Constant> expected;
    try (HostSession session = HostSession.open(onnx, "the model")) {
      expected = session.run(Workloads.feeds(graph, inputs));
    }
    expected.forEach(
        (name, values) ->
            assertThat(Signals.sqnrDecibel(actual.get(name), values.floats()))
                .as(name)
                .isGreaterThan(25));
    return model;
  }

  /** The graph with {@code Op.Identity} nodes named in {@code types} turned into ONNX operators. */
  private static Graph foreign(Graph graph, Map<String, String> types) {
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                n ->
                    types.containsKey(n.output())
                        ? n.with(
                            new Op.Foreign(
                                types.get(n.output()), "", new TreeMap<String, Attribute>()))
                        : n)
            .toList();
    return new Graph(
        graph.name(),
        graph.opset(),
        graph.inputs(),
        nodes,
        graph.outputs(),
        graph.types(),
        graph.constants(),
        graph.quantisations());
  }

  private static GraphBuilder image() {
    return new GraphBuilder()
        .input("x", 1, 3, 4, 4)
        .constant("w", 5, 3, 1, 1)
        .node("c", new Op.Conv(Window.POINT, 1), "x", "w");
  }

  @Test
  void neighboursAreOneLayer() throws IOException {
    Graph graph =
        image()
            .node("s", new Op.Identity(), "c")
            .node("t", new Op.Identity(), "s")
            .node("p", new Op.Mul(), "t", "s")
            .output("p")
            .build();
    QuantisedModel model = check(foreign(graph, Map.of("s", "Sigmoid", "t", "Exp")));
    assertThat(model.network().layers()).hasSize(2);
    assertThat(model.hostLayers()).hasSize(1);
    assertThat(model.hostLayers().getFirst().operators()).containsExactly("Sigmoid", "Exp", "Mul");
    assertThat(model.hostLayers().getFirst().reason())
        .startsWith("Sigmoid: the machine has no Sigmoid; Exp: the machine has no Exp; Mul: ");
  }

  @Test
  void elementwiseStepsBetweenThemJoinThem() throws IOException {
    Graph graph =
        image()
            .constant("k", 1)
            .node("s", new Op.Identity(), "c")
            .node("a", new Op.Add(), "s", "k")
            .node("t", new Op.Identity(), "a")
            .output("t")
            .build();
    QuantisedModel model = check(foreign(graph, Map.of("s", "Sigmoid", "t", "Exp")));
    assertThat(model.network().layers()).hasSize(2);
  }

  @Test
  void twoValuesOfOneSegmentAreTwoLayers() throws IOException {
    Graph graph =
        image()
            .node("s", new Op.Identity(), "c")
            .node("t", new Op.Identity(), "s")
            .output("s", "t")
            .build();
    QuantisedModel model = check(foreign(graph, Map.of("s", "Sigmoid", "t", "Exp")));
    assertThat(model.hostLayers()).hasSize(2);
  }

  /** Of opset 11, which has no HardSwish: the parts are one operator all the same. */
  @Test
  void hardSwishOfAnOldModelIsOneOperator() throws IOException {
    QuantisedModel model =
        check(
            image()
                .opset(11)
                .scalar("three", 3)
                .scalar("sixth", 1.0 / 6)
                .node("a", new Op.Add(), "c", "three")
                .node("k", new Op.Activate(new Activation.Clamp(0, 6)), "a")
                .node("p", new Op.Mul(), "c", "k")
                .node("y", new Op.Mul(), "p", "sixth")
                .foreign("z", "Sigmoid", "y")
                .output("z")
                .build());
    assertThat(model.hostLayers()).hasSize(1);
    assertThat(model.hostLayers().getFirst().operators()).containsExactly("HardSwish", "Sigmoid");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void rotaryEmbeddingsRunOnTheHost(int interleaved) throws IOException {
    QuantisedModel model =
        check(
            new GraphBuilder()
                .opset(23)
                .input("x", 1, 3, 4, 6)
                .constant("w", 5, 3, 1, 1)
                .constant("v", 2, 5, 1, 1)
                .constant("cos", 1, 4, 2)
                .constant("sin", 1, 4, 2)
                .node("c", new Op.Conv(Window.POINT, 1), "x", "w")
                .foreign(
                    "r",
                    "RotaryEmbedding",
                    new TreeMap<>(
                        Map.of(
                            "rotary_embedding_dim",
                            new Attribute.Int(4),
                            "interleaved",
                            new Attribute.Int(interleaved))),
                    Shape.of(1, 5, 4, 6),
                    "c",
                    "cos",
                    "sin")
                .node("y", new Op.Conv(Window.POINT, 1), "r", "v")
                .output("y")
                .build());
    assertThat(model.network().layers()).hasSize(3);
    assertThat(model.hostLayers().getFirst().operators()).containsExactly("RotaryEmbedding");
  }

  @Test
  void windowsThatNoCounterHoldsRunOnTheHost() throws IOException {
    QuantisedModel model =
        check(
            new GraphBuilder()
                .input("x", 1, 2, 1, 300)
                .constant("w", 3, 2, 1, 256)
                .node("y", new Op.Conv(new Window(1, 256, 1, 1, 1, 1, 0, 0, 0, 0), 1), "x", "w")
                .output("y")
                .build());
    assertThat(model.hostLayers()).hasSize(1);
    assertThat(model.hostLayers().getFirst().reason()).contains("larger than 255");
  }

  @Test
  void movesInTheMiddleRunOnTheHost() throws IOException {
    QuantisedModel model =
        check(
            image()
                .node("t", new Op.Transpose(List.of(0, 2, 3, 1)), "c")
                .constant("v", 4, 2, 1, 1)
                .node("y", new Op.Conv(Window.POINT, 2), "t", "v")
                .output("y")
                .build());
    assertThat(model.network().layers()).hasSize(3);
    assertThat(model.hostLayers().getFirst().reason()).contains("moves data");
  }

  @Test
  void movesAtTheEndsCostNothing() throws IOException {
    QuantisedModel model =
        check(
            new GraphBuilder()
                .input("x", 6, 3)
                .constant("w", 3, 4)
                .constant("b", 4)
                .node("p", new Op.MatMul(), "x", "w")
                .node("y", new Op.Add(), "p", "b")
                .output("y")
                .build());
    assertThat(model.network().layers()).hasSize(1);
    assertThat(model.network().inputs().getFirst().w()).isEqualTo(6);
    assertThat(model.inputs().getFirst().order()).isNotNull();
    assertThat(model.outputs().getFirst().shape()).isEqualTo(Shape.of(6, 4));
  }

  @Test
  void broadcastSumsRunOnTheHost() throws IOException {
    QuantisedModel model =
        check(image().input("z", 1, 5, 1, 1).node("y", new Op.Add(), "c", "z").output("y").build());
    assertThat(model.hostLayers().getFirst().reason()).contains("it broadcasts");
  }

  @Test
  void productsOfActivationsRunOnTheMachine() throws IOException {
    QuantisedModel model =
        check(
            new GraphBuilder()
                .input("a", 2, 7, 5)
                .input("b", 2, 5, 6)
                .node("y", new Op.MatMul(), "a", "b")
                .output("y")
                .build());
    assertThat(model.hostLayers()).isEmpty();
    assertThat(model.network().layers()).singleElement().isInstanceOf(Layer.MatrixProduct.class);
  }

  @Test
  void joinsAlongTheWidthRunOnTheHost() throws IOException {
    QuantisedModel model = check(image().node("y", new Op.Concat(3), "c", "c").output("y").build());
    assertThat(model.hostLayers().getFirst().reason()).contains("it joins along dimension 3");
  }
}
