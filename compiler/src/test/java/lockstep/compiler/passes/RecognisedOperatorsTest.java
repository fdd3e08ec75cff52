// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.onlyForeign;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.operators.Nearness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that exporters decompose, found again. */
class RecognisedOperatorsTest {
  private static final Op MUL = new Op.Mul();
  private static final Op ADD = new Op.Add();

  private static GraphBuilder value(int... dims) {
    return new GraphBuilder()
        .input("x", dims)
        .scalar("one", 1)
        .scalar("half", 0.5)
        .scalar("two", 2)
        .scalar("three", 3);
  }

  private static GraphBuilder normalised(GraphBuilder graph, String x) {
    return graph
        .scalar("epsilon", 1e-3)
        .foreign("p", "Pow", x, "two")
        .reduced("v", "ReduceMean", "p")
        .node("e", ADD, "v", "epsilon")
        .foreign("r", "Sqrt", "e");
  }

  private static GraphBuilder centred(int... dims) {
    GraphBuilder graph = value(dims).reduced("m", "ReduceMean", "x").foreign("d", "Sub", "x", "m");
    return normalised(graph, "d");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void layerNormalisation(int rank) {
    int[] dims = {2, 3, 4, 8};
    Graph after =
        fires(
            new RecogniseNormalisation(),
            centred(java.util.Arrays.copyOfRange(dims, 4 - rank, 4))
                .foreign("y", "Div", "d", "r")
                .output("y")
                .build());
    assertThat(onlyForeign(after)).isEqualTo("LayerNormalization");
  }

  @Test
  void layerNormalisationByAReciprocalAndByAverages() {
    Window row = new Window(1, 8, 1, 1, 1, 1, 0, 0, 0, 0);
    Graph after =
        fires(
            new RecogniseNormalisation(),
            value(2, 3, 8)
                .scalar("epsilon", 1e-3)
                .node("m", new Op.AveragePool(row), "x")
                .foreign("d", "Sub", "x", "m")
                .node("q", MUL, "d", "d")
                .node("v", new Op.AveragePool(row), "q")
                .node("e", ADD, "epsilon", "v")
                .foreign("r", "Sqrt", "e")
                .foreign("i", "Reciprocal", "r")
                .node("y", MUL, "i", "d")
                .output("y")
                .build());
    assertThat(onlyForeign(after)).isEqualTo("LayerNormalization");
  }

  @Test
  void rootMeanSquareNormalisation() {
    Graph after =
        fires(
            new RecogniseNormalisation(),
            normalised(value(2, 3, 4, 8), "x")
                .foreign("i", "Div", new TreeMap<>(), Shape.of(2, 3, 4, 1), "one", "r")
                .node("y", MUL, "x", "i")
                .output("y")
                .build());
    assertThat(onlyForeign(after)).isEqualTo("SimplifiedLayerNormalization");
  }

  @Test
  void aDeviationThatIsReadElsewhereStays() {
    doesNotFire(
        new RecogniseNormalisation(),
        centred(2, 8).foreign("y", "Div", "d", "r").output("y", "r").build());
  }

  @Test
  void aQuotientOfAnotherValueIsNoNormalisation() {
    doesNotFire(
        new RecogniseNormalisation(),
        centred(2, 8).input("z", 2, 8).foreign("y", "Div", "z", "r").output("y").build());
  }

  private static GraphBuilder norm(String type) {
    return new GraphBuilder()
        .input("x", 2, 3, 8)
        .constant("s", 8)
        .constant("g", 8)
        .constant("t", 1, 1, 8)
        .foreign(
            "n",
            type,
            new TreeMap<>(Map.of("axis", new Attribute.Int(-1))),
            Shape.of(2, 3, 8),
            "x",
            "s");
  }

  @Test
  void normalisationsTakeInScaleAndShift() {
    Graph after =
        fires(
            new NormalisationParameters(),
            norm("LayerNormalization")
                .node("a", MUL, "g", "n")
                .node("y", ADD, "a", "t")
                .output("y")
                .build());
    assertThat(onlyForeign(after)).isEqualTo("LayerNormalization");
    assertThat(after.nodes().getFirst().inputs()).hasSize(3);
  }

  @Test
  void theSimplifiedFormHasNoShift() {
    doesNotFire(
        new NormalisationParameters(),
        norm("SimplifiedLayerNormalization").node("y", ADD, "n", "t").output("y").build());
  }

  @Test
  void parametersThatVaryFromLineToLineStay() {
    doesNotFire(
        new NormalisationParameters(),
        norm("LayerNormalization")
            .constant("v", 3, 1)
            .node("y", MUL, "n", "v")
            .output("y")
            .build());
  }

  private static GraphBuilder exponentials() {
    return value(2, 3, 8)
        .reduced("m", "ReduceMax", "x")
        .foreign("d", "Sub", "x", "m")
        .foreign("e", "Exp", "d")
        .reduced("s", "ReduceSum", "e");
  }

  @Test
  void softmaxWithAndWithoutTheMaximum() {
    assertThat(
            onlyForeign(
                fires(
                    new RecogniseSoftmax(),
                    exponentials().foreign("y", "Div", "e", "s").output("y").build())))
        .isEqualTo("Softmax");
    Graph plain =
        value(2, 8)
            .foreign("e", "Exp", "x")
            .reduced("s", "ReduceSum", "e")
            .foreign("y", "Div", "e", "s")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new RecogniseSoftmax(), plain))).isEqualTo("Softmax");
  }

  @Test
  void exponentialsThatAreReadElsewhereStay() {
    doesNotFire(
        new RecogniseSoftmax(),
        exponentials().foreign("y", "Div", "e", "s").output("y", "e").build());
  }

  private static GraphBuilder erf(double root) {
    return value(2, 8)
        .scalar("root", root)
        .node("a", MUL, "x", "root")
        .foreign("f", "Erf", "a")
        .node("g", ADD, "f", "one");
  }

  @Test
  void geluWithTheHalfAtEitherPlace() {
    Graph behind =
        erf(Math.sqrt(0.5))
            .node("p", MUL, "x", "g")
            .node("y", MUL, "p", "half")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new RecogniseGelu(), behind))).isEqualTo("Gelu");
    Graph before =
        erf(Math.sqrt(0.5))
            .node("p", MUL, "half", "x")
            .node("y", MUL, "g", "p")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new RecogniseGelu(), before))).isEqualTo("Gelu");
  }

  @Test
  void otherErrorFunctionsStay() {
    doesNotFire(
        new RecogniseGelu(),
        erf(0.8).node("p", MUL, "x", "g").node("y", MUL, "p", "half").output("y").build());
    doesNotFire(
        new RecogniseGelu(), erf(Math.sqrt(0.5)).node("y", MUL, "x", "g").output("y").build());
  }

  private static GraphBuilder tanh() {
    return value(2, 8)
        .scalar("cubic", 0.044715)
        .scalar("root", Math.sqrt(2 / Math.PI))
        .foreign("c", "Pow", "x", "three")
        .node("k", MUL, "c", "cubic")
        .node("s", ADD, "x", "k")
        .node("u", MUL, "s", "root")
        .foreign("t", "Tanh", "u")
        .node("g", ADD, "one", "t")
        .node("h", MUL, "x", "half");
  }

  @Test
  void geluByTanh() {
    Graph after = fires(new RecogniseGelu(), tanh().node("y", MUL, "h", "g").output("y").build());
    assertThat(onlyForeign(after)).isEqualTo("FastGelu");
  }

  @Test
  void geluByTanhWithTheSquareTakenOut() {
    Graph after =
        fires(
            new RecogniseGelu(),
            value(2, 8)
                .scalar("cubic", 0.044715)
                .scalar("root", Math.sqrt(2 / Math.PI))
                .node("q", MUL, "x", "cubic")
                .node("k", MUL, "q", "x")
                .node("s", ADD, "k", "one")
                .node("w", MUL, "x", "root")
                .node("u", MUL, "w", "s")
                .foreign("t", "Tanh", "u")
                .node("g", ADD, "t", "one")
                .node("h", MUL, "half", "x")
                .node("y", MUL, "h", "g")
                .output("y")
                .build());
    assertThat(onlyForeign(after)).isEqualTo("FastGelu");
  }

  @Test
  void aPartWithAPrescribedEncodingStays() {
    doesNotFire(
        new RecogniseGelu(),
        tanh().quantised("t", 0.01, 0).node("y", MUL, "h", "g").output("y").build());
  }

  @Test
  void swish() {
    Graph plain =
        value(2, 8).foreign("s", "Sigmoid", "x").node("y", MUL, "s", "x").output("y").build();
    assertThat(onlyForeign(fires(new RecogniseSwish(), plain))).isEqualTo("QuickGelu");
    Graph sloped =
        value(2, 8)
            .scalar("a", 1.702)
            .node("z", MUL, "x", "a")
            .foreign("s", "Sigmoid", "z")
            .node("y", MUL, "x", "s")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new RecogniseSwish(), sloped))).isEqualTo("QuickGelu");
  }

  @Test
  void aGateOfAnotherValueStays() {
    doesNotFire(
        new RecogniseSwish(),
        value(2, 8)
            .input("z", 2, 8)
            .foreign("s", "Sigmoid", "z")
            .node("y", MUL, "s", "x")
            .output("y")
            .build());
  }

  private static GraphBuilder hardSwish() {
    return value(2, 8)
        .scalar("sixth", 1.0 / 6)
        .node("a", ADD, "x", "three")
        .node("c", new Op.Activate(new Activation.Clamp(0, 6)), "a")
        .node("p", MUL, "x", "c");
  }

  @Test
  void hardSwishFromItsParts() {
    Graph clipped = hardSwish().node("y", MUL, "p", "sixth").output("y").build();
    assertThat(onlyForeign(fires(new RecogniseSwish(), clipped))).isEqualTo("HardSwish");
    TreeMap<String, Attribute> slope = new TreeMap<>();
    slope.put("alpha", new Attribute.Real(1f / 6));
    Graph gated =
        value(2, 8)
            .foreign("h", "HardSigmoid", slope, Shape.of(2, 8), "x")
            .node("y", MUL, "h", "x")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new RecogniseSwish(), gated))).isEqualTo("HardSwish");
    doesNotFire(new RecogniseSwish(), hardSwish().output("p").build());
  }

  /** HardSwish came with opset 14. */
  @ParameterizedTest
  @ValueSource(ints = {7, 11, 13})
  void hardSwishInOperatorSetsThatLackIt(int opset) {
    Graph parts = hardSwish().opset(opset).node("y", MUL, "p", "sixth").output("y").build();
    Graph whole = fires(new RecogniseSwish(), parts);
    assertThat(onlyForeign(whole)).isEqualTo("HardSwish");
    Map<String, Constant> x =
        Map.of(
            "x",
            new Constant.Floats(
                Shape.of(2, 8),
                new float[] {-9, -3, -1, -.1f, 0, .4f, 2, 2.9f, 3, 4, 5, -2, -2.5f, 1, .01f, 8}));
    try (HostSession session = HostSession.open(OnnxWriter.write(parts), "the parts")) {
      Nearness.require("y", FloatInterpreter.run(whole, x).get("y"), session.run(x).get("y"), 1e-6);
    }
  }
}
