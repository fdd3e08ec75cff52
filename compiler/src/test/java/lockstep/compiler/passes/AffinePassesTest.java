// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** Normalisation, constant operands, and what convolutions take in of them. */
class AffinePassesTest {
  private static final Op.Conv CONV = new Op.Conv(new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), 1);

  private static GraphBuilder image() {
    return new GraphBuilder()
        .input("x", 1, 2, 4, 4)
        .constant("w", 3, 2, 3, 3)
        .constant("b", 3)
        .constant("s", 3)
        .constant("t", 3)
        .constant("m", 3)
        .constant("v", new Constant.Floats(Shape.of(3), new float[] {0.5f, 1, 2}));
  }

  @Test
  void normalisationBecomesAffine() {
    Graph after =
        fires(
            new NormalisationToAffine(),
            image()
                .node("c", CONV, "x", "w")
                .node("y", new Op.BatchNormalization(1e-3f), "c", "s", "t", "m", "v")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(CONV, new Op.Affine());
  }

  @Test
  void normalisationWithComputedParametersStays() {
    doesNotFire(
        new NormalisationToAffine(),
        image()
            .input("scale", 3)
            .node("c", CONV, "x", "w")
            .node("y", new Op.BatchNormalization(1e-3f), "c", "scale", "t", "m", "v")
            .output("y")
            .build());
  }

  @Test
  void constantsPerChannelBecomeAffine() {
    Graph after =
        fires(
            new ConstantOperandToAffine(),
            image()
                .constant("p", 2, 1, 1)
                .constant("q", 1)
                .node("a", new Op.Mul(), "p", "x")
                .node("y", new Op.Add(), "a", "q")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Affine(), new Op.Affine());
  }

  @Test
  void constantsAlongTheWidthStay() {
    doesNotFire(
        new ConstantOperandToAffine(),
        image().constant("p", 4).node("y", new Op.Add(), "x", "p").output("y").build());
  }

  @Test
  void convolutionsTakeInAffine() {
    Graph after =
        fires(
            new FoldAffine(),
            image()
                .node("c", CONV, "x", "w", "b")
                .node("a", new Op.Affine(), "c", "s", "t")
                .node("y", new Op.Affine(), "a", "v", "m")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(CONV);
    assertThat(after.nodes().getFirst().source())
        .containsExactly("source c", "source a", "source y");
  }

  @Test
  void uniformWeightsStayUniform() {
    Graph after =
        fires(
            new FoldAffine(),
            image()
                .constant("u", new Constant.Splat(Shape.of(3, 2, 3, 3), 0.5f))
                .constant("ones", new Constant.Floats(Shape.of(3), new float[] {2, 2, 2}))
                .node("c", CONV, "x", "u")
                .node("y", new Op.Affine(), "c", "ones", "t")
                .output("y")
                .build());
    assertThat(after.constants().get(after.nodes().getFirst().inputs().get(1)))
        .isEqualTo(new Constant.Splat(Shape.of(3, 2, 3, 3), 1));
  }

  @Test
  void aConvolutionUsedTwiceKeepsItsWeights() {
    doesNotFire(
        new FoldAffine(),
        image()
            .node("c", CONV, "x", "w")
            .node("y", new Op.Affine(), "c", "s", "t")
            .output("y", "c")
            .build());
  }

  @Test
  void aPrescribedEncodingBetweenKeepsTheAffine() {
    doesNotFire(
        new FoldAffine(),
        image()
            .node("c", CONV, "x", "w")
            .quantised("c", 0.1, 0)
            .node("y", new Op.Affine(), "c", "s", "t")
            .output("y")
            .build());
  }

  @Test
  void anAffineBehindAnActivationBecomesDepthwise() {
    Graph graph =
        image()
            .node("c", CONV, "x", "w")
            .node("r", new Op.Activate(Activation.RELU), "c")
            .node("y", new Op.Affine(), "r", "s", "t")
            .output("y")
            .build();
    doesNotFire(new FoldAffine(), graph);
    assertThat(ops(fires(new AffineToConv(), graph)))
        .last()
        .isEqualTo(new Op.Conv(Window.POINT, 3));
  }

  @Test
  void anAffineOfAMatrixBecomesDepthwiseToo() {
    Graph after =
        fires(
            new AffineToConv(),
            new GraphBuilder()
                .input("x", 5, 3)
                .constant("s", 3)
                .constant("t", 3)
                .node("y", new Op.Affine(), "x", "s", "t")
                .output("y")
                .build());
    assertThat(ops(after)).contains(new Op.Conv(Window.POINT, 3));
  }

  @Test
  void averagesBecomeDepthwise() {
    Window window = new Window(2, 2, 2, 2, 1, 1, 1, 0, 1, 0);
    Graph after =
        fires(
            new AveragePoolToConv(),
            image().node("y", new Op.AveragePool(window), "x").output("y").build());
    assertThat(ops(after)).containsExactly(new Op.Conv(window, 2));
    doesNotFire(
        new AveragePoolToConv(),
        image().node("y", new Op.MaxPool(window), "x").output("y").build());
  }
}
