// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.Signals;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.Test;

/** Splits of channels and heads stay on the machine where nobody has to copy. */
class ChannelViewsTest {
  private static final Op POINT = new Op.Conv(Window.POINT, 1);

  private static GraphBuilder image() {
    return new GraphBuilder()
        .input("x", 1, 3, 1, 5)
        .constant("w", 32, 3, 1, 1)
        .node("c", POINT, "x", "w");
  }

  /** Channels from {@code from} to {@code to} of {@code x}. */
  private static GraphBuilder sliced(GraphBuilder g, String y, String x, int from, int to) {
    return g.constant(y + "/from", number(from))
        .constant(y + "/to", number(to))
        .constant(y + "/axis", number(1))
        .foreign(
            y,
            "Slice",
            new TreeMap<>(),
            Shape.of(1, to - from, 1, 5),
            x,
            y + "/from",
            y + "/to",
            y + "/axis");
  }

  private static Constant number(int value) {
    return new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {value});
  }

  private static QuantisedModel check(Graph graph) {
    float[] x = new float[(int) graph.type("x").shape().elements()];
    Random random = new Random(3);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    Map<String, float[]> inputs = Map.of("x", x);
    QuantisedModel model =
        ModelCompiler.network(
            new ModelSource.InMemory("views", OnnxWriter.write(graph)),
            QuantisationOptions.calibratedOn(List.of(inputs)));
    Constant value = new Constant.Floats(graph.type("x").shape(), x);
    Map<String, Constant> expected = FloatInterpreter.run(graph, Map.of("x", value));
    Interpreter.runFloats(model, inputs)
        .forEach(
            (name, values) ->
                assertThat(Signals.sqnrDecibel(values, expected.get(name).floats()))
                    .as(name)
                    .isGreaterThan(25));
    return model;
  }

  private static List<String> kinds(QuantisedModel model) {
    return model.network().layers().stream().map(l -> l.getClass().getSimpleName()).toList();
  }

  @Test
  void partsThatConvolutionsReadAreViews() {
    GraphBuilder g = sliced(sliced(image(), "a", "c", 0, 16), "b", "c", 16, 32);
    Graph graph =
        g.constant("u", 4, 16, 1, 1)
            .constant("v", 4, 16, 3, 3)
            .node("p", POINT, "a", "u")
            .node("q", new Op.Conv(new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), 1), "b", "v")
            .output("p", "q")
            .build();
    QuantisedModel model = check(graph);
    assertThat(kinds(model))
        .containsExactly("Convolution", "View", "View", "Convolution", "Convolution");
    assertThat(model.hostLayers()).isEmpty();
    assertThat(model.network().layers().get(2))
        .isInstanceOfSatisfying(
            Layer.View.class, view -> assertThat(view.firstChannel()).isEqualTo(16));
  }

  @Test
  void aPartThatOnlyTheHostReadsIsTheHosts() {
    Graph graph = sliced(image(), "a", "c", 0, 16).foreign("e", "Exp", "a").output("e").build();
    assertThat(kinds(check(graph))).containsExactly("Convolution", "Host");
  }

  @Test
  void headsOfAProductAreViewsOnBothSides() {
    Graph graph =
        new GraphBuilder()
            .input("x", 1, 6, 5)
            .constant("w", 16, 6, 1)
            .constant("v", 10, 6, 1)
            .constant("u", 3, 16, 1)
            .node("q", POINT, "x", "w")
            .node("k", POINT, "x", "v")
            .node("heads", new Op.Reshape(Shape.of(2, 8, 5)), "q")
            .node("other", new Op.Reshape(Shape.of(2, 5, 5)), "k")
            .node("left", new Op.Transpose(List.of(0, 2, 1)), "other")
            .node("right", new Op.Transpose(List.of(0, 2, 1)), "heads")
            .node("p", new Op.MatMul(), "left", "right")
            .node("back", new Op.Transpose(List.of(0, 2, 1)), "p")
            .node("joined", new Op.Reshape(Shape.of(1, 16, 5)), "back")
            .node("y", POINT, "joined", "u")
            .output("y")
            .build();
    QuantisedModel model = check(graph);
    assertThat(kinds(model)).endsWith("View", "MatrixProduct", "View", "Convolution");
    assertThat(model.hostLayers()).isEmpty();
  }
}
