// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** Constants, copies and encodings. */
class ConstantPassesTest {
  private static final Op.Conv POINT = new Op.Conv(Window.POINT, 1);
  private static final Op RELU = new Op.Activate(Activation.RELU);

  private static Constant integers(ElementType element, long... values) {
    return new Constant.Integers(element, Shape.of(values.length), values);
  }

  private static Constant scalar(ElementType element, long value) {
    return new Constant.Integers(element, Shape.SCALAR, new long[] {value});
  }

  private static Constant scalar(float value) {
    return new Constant.Floats(Shape.SCALAR, new float[] {value});
  }

  @Test
  void fillsThatDoNotDependOnInputsAreFolded() {
    Graph after =
        fires(
            new FoldConstants(),
            new GraphBuilder()
                .input("x", 1, 2, 3, 3)
                .constant("shape", integers(ElementType.INT64, 4, 2, 1, 1))
                .node("w", new Op.ConstantOfShape(0.5f), "shape")
                .node("y", POINT, "x", "w")
                .output("y")
                .build());
    assertThat(after.constants().get("w"))
        .isEqualTo(new Constant.Splat(Shape.of(4, 2, 1, 1), 0.5f));
    assertThat(ops(after)).containsExactly(POINT);
  }

  @Test
  void arithmeticOnConstantsIsFolded() {
    Graph after =
        fires(
            new FoldConstants(),
            new GraphBuilder()
                .input("x", 1, 2, 3, 3)
                .constant("a", 2, 1, 1)
                .constant("b", 2, 1, 1)
                .node("c", new Op.Mul(), "a", "b")
                .node("y", new Op.Add(), "x", "c")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(new Op.Add());
  }

  @Test
  void whatDependsOnInputsIsNotFolded() {
    doesNotFire(
        new FoldConstants(),
        new GraphBuilder().input("x", 2, 2).node("y", RELU, "x").output("y").build());
  }

  @Test
  void copiesGo() {
    Graph after =
        fires(
            new RemoveCopies(),
            new GraphBuilder()
                .input("x", 1, 2, 3, 3)
                .node("a", new Op.Identity(), "x")
                .node("b", new Op.Reshape(Shape.of(1, 2, 3, 3)), "a")
                .node("c", new Op.Transpose(List.of(0, 1, 2, 3)), "b")
                .node("y", RELU, "c")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(RELU);
  }

  @Test
  void copiesThatRequantiseStay() {
    doesNotFire(
        new RemoveCopies(),
        new GraphBuilder()
            .input("x", 1, 2)
            .quantised("x", 0.1, 0)
            .node("y", new Op.Identity(), "x")
            .quantised("y", 0.2, 3)
            .output("y")
            .build());
  }

  @Test
  void pairsBecomeEncodings() {
    Graph after =
        new AbsorbQuantisation()
            .apply(
                new GraphBuilder()
                    .input("x", 1, 2)
                    .constant("scale", scalar(0.25f))
                    .constant("zero", scalar(ElementType.UINT8, 130))
                    .node("q", new Op.Quantise(1), "x", "scale", "zero")
                    .node("d", new Op.Dequantise(1), "q", "scale", "zero")
                    .node("y", RELU, "d")
                    .output("y")
                    .build());
    assertThat(ops(after)).containsExactly(RELU);
    assertThat(after.quantisations()).containsOnlyKeys("x");
    assertThat(after.quantisations().get("x")).isEqualTo(new Encoding(0.25, 2));
    assertThat(new AbsorbQuantisation().apply(after)).isEqualTo(after);
  }

  @Test
  void aSecondEncodingOfAValueRequantises() {
    Graph after =
        new AbsorbQuantisation()
            .apply(
                new GraphBuilder()
                    .input("x", 1, 2)
                    .constant("scale", scalar(0.25f))
                    .constant("other", scalar(0.5f))
                    .constant("zero", scalar(ElementType.INT8, 1))
                    .node("q", new Op.Quantise(1), "x", "scale", "zero")
                    .node("d", new Op.Dequantise(1), "q", "scale", "zero")
                    .node("p", new Op.Quantise(1), "d", "other", "zero")
                    .node("e", new Op.Dequantise(1), "p", "other", "zero")
                    .node("y", RELU, "e")
                    .output("y")
                    .build());
    assertThat(ops(after)).containsExactly(new Op.Identity(), RELU);
    assertThat(after.quantisations().get("x")).isEqualTo(new Encoding(0.25, 1));
    assertThat(after.quantisations().get("e")).isEqualTo(new Encoding(0.5, 1));
  }

  @Test
  void weightsKeepTheirCodes() {
    Graph after =
        new AbsorbQuantisation()
            .apply(
                new GraphBuilder()
                    .input("x", 1, 1, 1, 2)
                    .constant(
                        "codes",
                        new Constant.Integers(
                            ElementType.UINT8, Shape.of(2, 1, 1, 1), new long[] {1, 255}))
                    .constant("scales", new Constant.Floats(Shape.of(2), new float[] {0.5f, 2}))
                    .constant("zeros", integers(ElementType.UINT8, 128, 128))
                    .node("w", new Op.Dequantise(0), "codes", "scales", "zeros")
                    .node("y", POINT, "x", "w")
                    .output("y")
                    .build());
    assertThat(after.constants().get("w"))
        .isEqualTo(
            new Constant.Codes(
                Shape.of(2, 1, 1, 1), new byte[] {-127, 127}, new float[] {0.5f, 2}, 0));
  }

  @Test
  void asymmetricWeightsBecomeFloats() {
    Graph after =
        new AbsorbQuantisation()
            .apply(
                new GraphBuilder()
                    .input("x", 1, 1, 1, 2)
                    .constant(
                        "codes",
                        new Constant.Integers(
                            ElementType.INT8, Shape.of(1, 1, 1, 1), new long[] {7}))
                    .constant("scale", scalar(0.5f))
                    .constant("zero", scalar(ElementType.INT8, 3))
                    .node("w", new Op.Dequantise(0), "codes", "scale", "zero")
                    .node("y", POINT, "x", "w")
                    .output("y")
                    .build());
    assertThat(after.constants().get("w"))
        .isEqualTo(new Constant.Floats(Shape.of(1, 1, 1, 1), new float[] {2}));
  }

  @Test
  void graphsWithoutPairsStay() {
    doesNotFire(
        new AbsorbQuantisation(),
        new GraphBuilder().input("x", 2, 2).node("y", RELU, "x").output("y").build());
  }

  @Test
  void sumsOfManyAreSplit() {
    GraphBuilder three = new GraphBuilder().input("a", 2, 2).input("b", 2, 2).input("c", 2, 2);
    Graph after =
        fires(new SplitAdd(), three.node("y", new Op.Add(), "a", "b", "c").output("y").build());
    assertThat(ops(after)).containsExactly(new Op.Add(), new Op.Add());
    doesNotFire(new SplitAdd(), after);
  }
}
