// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** Matrix products with constants. */
class LinearPassesTest {

  private static GraphBuilder matrix(int rows) {
    return new GraphBuilder()
        .input("x", rows, 6)
        .constant("w", 6, 4)
        .constant("v", 4, 6)
        .constant("b", 4);
  }

  @Test
  void gemmBecomesLinear() {
    Graph after =
        fires(
            new GemmToLinear(),
            matrix(3)
                .node("y", new Op.Gemm(0.5f, 2, false, true), "x", "v", "b")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Linear());
  }

  @Test
  void gemmOfATransposedOperandTransposesIt() {
    Graph after =
        fires(
            new GemmToLinear(),
            new GraphBuilder()
                .input("x", 6, 3)
                .constant("w", 6, 4)
                .node("y", new Op.Gemm(1, 1, true, false), "x", "w")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Transpose(List.of(1, 0)), new Op.Linear());
  }

  @Test
  void gemmWithAMatrixToAddStays() {
    doesNotFire(
        new GemmToLinear(),
        matrix(3)
            .constant("c", 3, 4)
            .node("y", new Op.Gemm(1, 1, false, false), "x", "w", "c")
            .output("y")
            .build());
  }

  @Test
  void matMulTakesInItsBias() {
    Graph after =
        fires(
            new MatMulToLinear(),
            matrix(3)
                .node("p", new Op.MatMul(), "x", "w")
                .node("y", new Op.Add(), "b", "p")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Linear());
    assertThat(after.nodes().getFirst().inputs()).hasSize(3);
  }

  @Test
  void matMulOfTwoActivationsStays() {
    doesNotFire(
        new MatMulToLinear(),
        matrix(3).input("z", 6, 2).node("y", new Op.MatMul(), "x", "z").output("y").build());
  }

  @Test
  void oneRowNeedsNoTransposition() {
    Graph after =
        fires(
            new LinearToConv(),
            matrix(1).node("y", new Op.Linear(), "x", "w", "b").output("y").build());
    assertThat(ops(after))
        .containsExactly(
            new Op.Reshape(Shape.of(1, 6, 1, 1)),
            new Op.Conv(Window.POINT, 1),
            new Op.Reshape(Shape.of(1, 4)));
  }

  @Test
  void rowsBecomePixels() {
    Graph after =
        fires(
            new LinearToConv(),
            matrix(3).node("y", new Op.Linear(), "x", "w", "b").output("y").build());
    assertThat(ops(after)).contains(new Op.Conv(Window.POINT, 1));
  }

  @Test
  void stacksOfMatricesToo() {
    fires(
        new LinearToConv(),
        new GraphBuilder()
            .input("x", 2, 3, 6)
            .constant("w", 6, 4)
            .node("y", new Op.Linear(), "x", "w")
            .output("y")
            .build());
  }

  @Test
  void aFlattenedImageBecomesTheKernel() {
    Graph after =
        fires(
            new LinearToConv(),
            new GraphBuilder()
                .input("x", 2, 3, 2, 4)
                .constant("w", 24, 5)
                .node("f", new Op.Reshape(Shape.of(2, 24)), "x")
                .node("y", new Op.Linear(), "f", "w")
                .output("y")
                .build());
    assertThat(ops(after))
        .containsExactly(
            new Op.Conv(new Window(2, 4, 1, 1, 1, 1, 0, 0, 0, 0), 1),
            new Op.Reshape(Shape.of(2, 5)));
  }

  @Test
  void oneTokenOfATransformerIsNoImage() {
    noKernel(1, 1, 24);
  }

  @Test
  void imagesLargerThanAWindowCanBeAreRows() {
    noKernel(1, 1, 1, Window.LARGEST_SIDE + 1);
  }

  private static void noKernel(int... dims) {
    int inner = (int) Shape.of(dims).elements();
    Graph after =
        fires(
            new LinearToConv(),
            new GraphBuilder()
                .input("x", dims)
                .constant("w", inner, 5)
                .node("f", new Op.Reshape(Shape.of(1, inner)), "x")
                .node("y", new Op.Linear(), "f", "w")
                .output("y")
                .build());
    assertThat(ops(after)).contains(new Op.Conv(Window.POINT, 1));
  }

  @Test
  void computedWeightsStay() {
    doesNotFire(
        new LinearToConv(),
        new GraphBuilder()
            .input("x", 2, 3)
            .input("w", 3, 4)
            .node("y", new Op.Linear(), "x", "w")
            .output("y")
            .build());
  }

  @Test
  void productsOfActivationsAreTurned() {
    Graph after =
        fires(
            new MatMulToProduct(),
            new GraphBuilder()
                .input("a", 2, 3, 4, 5)
                .input("b", 2, 3, 6, 5)
                .node("t", new Op.Transpose(List.of(0, 1, 3, 2)), "b")
                .node("y", new Op.MatMul(), "a", "t")
                .output("y")
                .build());
    assertThat(ops(after)).contains(new Op.Product());
    assertThat(
            ops(new SimplifyMoves().apply(after)).stream().filter(Op.Transpose.class::isInstance))
        .hasSize(2);
  }

  @Test
  void productsThatBroadcastStay() {
    doesNotFire(
        new MatMulToProduct(),
        new GraphBuilder()
            .input("a", 2, 4, 5)
            .input("b", 5, 6)
            .node("y", new Op.MatMul(), "a", "b")
            .output("y")
            .build());
  }

  @Test
  void movesThatMeetCancel() {
    Graph after =
        fires(
            new SimplifyMoves(),
            new GraphBuilder()
                .input("x", 3, 4)
                .node("t", new Op.Transpose(List.of(1, 0)), "x")
                .node("r", new Op.Activate(Activation.RELU), "t")
                .node("u", new Op.Transpose(List.of(1, 0)), "r")
                .node("v", new Op.Reshape(Shape.of(12)), "u")
                .node("y", new Op.Reshape(Shape.of(2, 6)), "v")
                .output("y")
                .build());
    assertThat(ops(after))
        .containsExactly(new Op.Activate(Activation.RELU), new Op.Reshape(Shape.of(2, 6)));
  }

  @Test
  void transposingOnesIsReshaping() {
    Graph after =
        fires(
            new SimplifyMoves(),
            new GraphBuilder()
                .input("x", 1, 4, 1, 1)
                .node("y", new Op.Transpose(List.of(0, 2, 3, 1)), "x")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Reshape(Shape.of(1, 1, 1, 4)));
  }

  @Test
  void movesAcrossAnEncodingStay() {
    doesNotFire(
        new SimplifyMoves(),
        new GraphBuilder()
            .input("x", 3, 4)
            .quantised("x", 0.5, 0)
            .node("t", new Op.Transpose(List.of(1, 0)), "x")
            .quantised("t", 0.25, 0)
            .node("y", new Op.Transpose(List.of(1, 0)), "t")
            .output("y")
            .build());
  }
}
