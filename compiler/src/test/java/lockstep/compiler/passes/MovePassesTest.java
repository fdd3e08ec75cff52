// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** Transpositions and reshapes on their way to others, and products that are taken apart. */
class MovePassesTest {
  private static final Op TURN = new Op.Transpose(List.of(0, 2, 1));
  private static final Op ADD = new Op.Add();
  private static final Op MUL = new Op.Mul();
  private static final Op LINEAR = new Op.Linear();
  private static final Op POINT = new Op.Conv(Window.POINT, 1);

  private static Op reshape(int... dims) {
    return new Op.Reshape(Shape.of(dims));
  }

  private static GraphBuilder features() {
    return new GraphBuilder()
        .input("x", 1, 6, 5)
        .constant("w", 6, 6, 1)
        .constant("v", 6, 6, 1)
        .constant("c", 5, 6)
        .node("a", POINT, "x", "w")
        .node("t", TURN, "a");
  }

  @Test
  void turnsMeetBehindASumAndAFunction() {
    Graph after =
        fires(
            new SinkMoves(),
            features()
                .node("b", POINT, "x", "v")
                .node("u", TURN, "b")
                .node("s", ADD, "t", "u")
                .foreign("f", "Tanh", "s")
                .node("r", TURN, "f")
                .node("y", POINT, "r", "w")
                .output("y")
                .build());
    assertThat(after.nodes()).noneMatch(n -> n.op() instanceof Op.Transpose);
  }

  @Test
  void constantsTurnAtOnce() {
    Graph after =
        fires(
            new SinkMoves(),
            features().node("s", MUL, "c", "t").node("y", TURN, "s").output("y").build());
    assertThat(ops(after)).containsExactly(POINT, MUL);
  }

  @Test
  void theHostTurnsWhatAConvolutionAdds() {
    Graph after =
        fires(
            new SinkMoves(),
            features()
                .input("z", 1, 5, 6)
                .foreign("h", "Tanh", "z")
                .node("y", ADD, "h", "t")
                .output("y")
                .build());
    assertThat(ops(after)).endsWith(ADD, TURN);
  }

  @Test
  void aSumOfOneTurnAndAConvolutionStays() {
    doesNotFire(
        new SinkMoves(),
        features()
            .input("z", 1, 5, 6)
            .constant("square", 5, 5, 1)
            .node("p", POINT, "z", "square")
            .node("y", ADD, "t", "p")
            .output("y")
            .build());
  }

  @Test
  void joinsSoftmaxAndPaddingChangeTheirDimension() {
    Graph after =
        fires(
            new SinkMoves(),
            features()
                .constant("first", 1, 1, 6)
                .node("j", new Op.Concat(1), "first", "t")
                .foreign(
                    "s",
                    "Softmax",
                    new TreeMap<>(Map.of("axis", new Attribute.Int(-1))),
                    Shape.of(1, 6, 6),
                    "j")
                .node("p", new Op.Pad(List.of(0, 1, 0), List.of(0, 2, 0), 0), "s")
                .node("y", TURN, "p")
                .output("y")
                .build());
    assertThat(ops(after))
        .hasSize(4)
        .noneMatch(op -> op instanceof Op.Transpose)
        .contains(new Op.Concat(2), new Op.Pad(List.of(0, 0, 1), List.of(0, 0, 2), 0));
  }

  @Test
  void reductionsAndNormalisationsOfLastDimensionsComeBefore() {
    Op.Transpose tokens = new Op.Transpose(List.of(0, 2, 1, 3));
    TreeMap<String, Attribute> last = new TreeMap<>(Map.of("axis", new Attribute.Int(-1)));
    Graph after =
        fires(
            new SinkMoves(),
            new GraphBuilder()
                .input("x", 1, 5, 3, 8)
                .constant("s", 8)
                .node("t", tokens, "x")
                .foreign("n", "LayerNormalization", last, Shape.of(1, 3, 5, 8), "t", "s")
                .reduced("m", "ReduceMean", "n")
                .node("y", tokens, "m")
                .output("y")
                .build());
    assertThat(after.nodes()).hasSize(2).noneMatch(n -> n.op() instanceof Op.Transpose);
  }

  @Test
  void aNormalisationOfAMovedDimensionStays() {
    TreeMap<String, Attribute> last = new TreeMap<>(Map.of("axis", new Attribute.Int(-1)));
    doesNotFire(
        new SinkMoves(),
        features()
            .constant("s", 6)
            .foreign("y", "LayerNormalization", last, Shape.of(1, 5, 6), "t", "s")
            .output("y")
            .build());
  }

  @Test
  void aJoinWithAnotherValueStays() {
    doesNotFire(
        new SinkMoves(),
        features().input("z", 1, 1, 6).node("y", new Op.Concat(1), "z", "t").output("y").build());
  }

  @Test
  void headsAreCutBeforeTheyTurn() {
    Graph after =
        fires(
            new SinkMoves(),
            features()
                .node("h", reshape(1, 5, 3, 2), "t")
                .node("u", new Op.Transpose(List.of(0, 2, 3, 1)), "h")
                .node("y", reshape(3, 2, 5), "u")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(POINT, reshape(3, 2, 5));
  }

  @Test
  void whatATurnBroughtTogetherStaysBehindIt() {
    doesNotFire(new SinkMoves(), features().node("y", reshape(30), "t").output("y").build());
  }

  @Test
  void reshapesComeBehindFunctionsNumbersAndSums() {
    Graph after =
        fires(
            new SinkMoves(),
            features()
                .scalar("two", 2)
                .node("b", POINT, "x", "v")
                .node("p", reshape(6, 5), "a")
                .node("q", reshape(6, 5), "b")
                .node("s", ADD, "p", "q")
                .node("m", MUL, "two", "s")
                .foreign("f", "Erf", "m")
                .node("y", reshape(1, 6, 5), "f")
                .output("y")
                .build());
    assertThat(after.nodes()).noneMatch(n -> n.op() instanceof Op.Reshape);
  }

  @Test
  void aNumberBehindAProductOfActivationsStaysWithTheHost() {
    doesNotFire(
        new SinkMoves(),
        new GraphBuilder()
            .input("x", 2, 3, 4)
            .input("z", 2, 5, 3)
            .scalar("two", 2)
            .node("p", new Op.Product(), "x", "z")
            .node("r", reshape(1, 2, 5, 4), "p")
            .node("y", MUL, "r", "two")
            .output("y")
            .build());
  }

  @Test
  void movesAcrossPrescribedEncodingsStay() {
    doesNotFire(
        new SinkMoves(),
        features()
            .quantised("t", 0.1, 0)
            .foreign("f", "Tanh", "t")
            .node("y", TURN, "f")
            .output("y")
            .build());
  }

  private static GraphBuilder joined() {
    return new GraphBuilder()
        .input("x", 1, 5, 4)
        .constant("w", 4, 18)
        .constant("b", 18)
        .constant("zero", new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {0}))
        .constant("last", new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {-1}))
        .node("l", LINEAR, "x", "w", "b");
  }

  private static GraphBuilder heads() {
    return joined()
        .node("r", reshape(1, 5, 3, 2, 3), "l")
        .node("t", new Op.Transpose(List.of(2, 0, 3, 1, 4)), "r");
  }

  private static GraphBuilder gather(GraphBuilder graph, String output, String index) {
    TreeMap<String, Attribute> axis = new TreeMap<>(Map.of("axis", new Attribute.Int(0)));
    return graph.foreign(output, "Gather", axis, Shape.of(1, 2, 5, 3), "t", index);
  }

  @Test
  void productsThatAreTakenApartBecomeOneForEachPart() {
    Graph after =
        fires(
            new SlicesIntoLinear(),
            gather(gather(heads(), "q", "zero"), "v", "last").output("q", "v").build());
    assertThat(ops(after)).filteredOn(op -> op instanceof Op.Linear).hasSize(2);
    assertThat(ops(after)).noneMatch(op -> op instanceof Op.Foreign);
  }

  @Test
  void slicesOfColumnsBecomeProducts() {
    Graph after =
        fires(
            new SlicesIntoLinear(),
            joined()
                .constant(
                    "from", new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {6}))
                .constant(
                    "to", new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {10}))
                .constant(
                    "axis", new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {-1}))
                .foreign(
                    "y", "Slice", new TreeMap<>(), Shape.of(1, 5, 4), "l", "from", "to", "axis")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(LINEAR, reshape(1, 5, 4));
  }

  @Test
  void aProductThatIsReadWholeOrByRowsStays() {
    doesNotFire(new SlicesIntoLinear(), gather(heads(), "q", "zero").output("q", "t").build());
    TreeMap<String, Attribute> rows = new TreeMap<>(Map.of("axis", new Attribute.Int(1)));
    doesNotFire(
        new SlicesIntoLinear(),
        joined().foreign("y", "Gather", rows, Shape.of(1, 18), "l", "zero").output("y").build());
  }

  private static GraphBuilder scores() {
    return new GraphBuilder()
        .input("x", 1, 5, 6)
        .input("k", 1, 2, 3, 5)
        .constant("w", 6, 6)
        .constant("b", 6)
        .scalar("scale", 0.125)
        .constant("mask", 5)
        .node("l", LINEAR, "x", "w", "b")
        .node("r", reshape(1, 5, 2, 3), "l")
        .node("q", new Op.Transpose(List.of(0, 2, 1, 3)), "r")
        .node("p", new Op.MatMul(), "q", "k");
  }

  @Test
  void theScaleOfScoresGoesIntoAProjection() {
    Graph after =
        fires(
            new FactorIntoWeights(),
            scores().node("s", MUL, "p", "scale").node("y", ADD, "s", "mask").output("y").build());
    assertThat(ops(after)).noneMatch(op -> op instanceof Op.Mul);
  }

  @Test
  void factorsThatVaryAndProjectionsReadElsewhereStay() {
    doesNotFire(new FactorIntoWeights(), scores().node("y", MUL, "p", "mask").output("y").build());
    doesNotFire(
        new FactorIntoWeights(),
        scores().node("s", MUL, "p", "scale").node("y", ADD, "s", "mask").output("y", "r").build());
  }
}
