// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.onlyForeign;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neutral operands, cheaper operators, constants in a row, and what a matrix product takes in. */
class AlgebraTest {
  private static final Op MUL = new Op.Mul();
  private static final Op ADD = new Op.Add();
  private static final Op LINEAR = new Op.Linear();

  /** The input of a square, so that it may lie under a root or a reciprocal. */
  private static GraphBuilder value() {
    return new GraphBuilder()
        .input("z", 2, 8)
        .constant("c", 8)
        .constant("d", 2, 8)
        .scalar("zero", 0)
        .scalar("one", 1)
        .foreign("e", "Exp", "z")
        .node("x", new Op.Identity(), "e");
  }

  private static List<Op> behind(Graph graph) {
    return ops(graph).subList(2, graph.nodes().size());
  }

  @Test
  void signsBecomeFactors() {
    Graph graph = value().foreign("y", "Neg", "x").output("y").build();
    assertThat(behind(fires(new NegationToMul(), graph))).containsExactly(MUL);
    doesNotFire(new NegationToMul(), value().foreign("y", "Abs", "x").output("y").build());
  }

  @Test
  void signsOfIntegersStay() {
    Graph floats = value().foreign("y", "Neg", "x").output("y").build();
    Map<String, lockstep.compiler.graph.ValueType> types = new java.util.HashMap<>(floats.types());
    types.put("y", new lockstep.compiler.graph.ValueType(ElementType.INT32, Shape.of(2, 8)));
    doesNotFire(
        new NegationToMul(),
        new Graph(
            "test",
            17,
            floats.inputs(),
            floats.nodes(),
            floats.outputs(),
            types,
            floats.constants(),
            Map.of()));
  }

  @Test
  void differencesBecomeSums() {
    Graph two = value().foreign("y", "Sub", "x", "z").output("y").build();
    assertThat(behind(fires(new SubtractionToAddition(), two))).containsExactly(MUL, ADD);
    Graph constant = value().foreign("y", "Sub", "x", "c").output("y").build();
    assertThat(behind(fires(new SubtractionToAddition(), constant))).containsExactly(ADD);
    doesNotFire(new SubtractionToAddition(), value().node("y", ADD, "x", "c").output("y").build());
  }

  @Test
  void quotientsBecomeProducts() {
    Graph byConstant = value().foreign("y", "Div", "x", "c").output("y").build();
    assertThat(behind(fires(new DivisionToMultiplication(), byConstant))).containsExactly(MUL);
    Graph ofConstant = value().foreign("y", "Div", "d", "x").output("y").build();
    assertThat(behind(fires(new DivisionToMultiplication(), ofConstant)))
        .hasSize(2)
        .last()
        .isEqualTo(MUL);
  }

  @Test
  void quotientsOfTwoValuesAndByZeroStay() {
    doesNotFire(
        new DivisionToMultiplication(), value().foreign("y", "Div", "z", "x").output("y").build());
    doesNotFire(
        new DivisionToMultiplication(),
        value().foreign("y", "Div", "x", "zero").output("y").build());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "0.5, 1", "-1, 1", "-0.5, 2"})
  void powersBecomeCheaper(double exponent, int nodes) {
    Graph graph = value().scalar("p", exponent).foreign("y", "Pow", "x", "p").output("y").build();
    Graph after = fires(new PowerToProduct(), graph);
    assertThat(behind(after)).hasSize(nodes);
    assertThat(after.nodes())
        .noneMatch(n -> n.op() instanceof Op.Foreign op && op.type().equals("Pow"));
  }

  @Test
  void otherPowersStay() {
    doesNotFire(
        new PowerToProduct(),
        value().scalar("p", 1.5).foreign("y", "Pow", "x", "p").output("y").build());
    doesNotFire(new PowerToProduct(), value().foreign("y", "Pow", "x", "c").output("y").build());
  }

  @Test
  void constantsInARowBecomeOne() {
    Graph product = value().node("t", MUL, "x", "c").node("y", MUL, "d", "t").output("y").build();
    assertThat(behind(fires(new ConstantChains(), product))).containsExactly(MUL);
    Graph sum = value().node("t", ADD, "c", "x").node("y", ADD, "t", "one").output("y").build();
    assertThat(behind(fires(new ConstantChains(), sum))).containsExactly(ADD);
  }

  @Test
  void mixedChainsAndValuesReadElsewhereStay() {
    doesNotFire(
        new ConstantChains(),
        value().node("t", ADD, "c", "x").node("y", MUL, "t", "c").output("y").build());
    doesNotFire(
        new ConstantChains(),
        value().node("t", ADD, "c", "x").node("y", ADD, "t", "c").output("y", "t").build());
    doesNotFire(
        new ConstantChains(),
        value()
            .node("t", ADD, "c", "x")
            .quantised("t", 0.1, 0)
            .node("y", ADD, "t", "c")
            .output("y")
            .build());
  }

  @Test
  void twoSignsCancel() {
    Graph graph = value().foreign("t", "Neg", "x").foreign("y", "Neg", "t").output("y").build();
    Graph after =
        new NeutralOperands().apply(new ConstantChains().apply(new NegationToMul().apply(graph)));
    assertThat(onlyForeign(after)).isEqualTo("Exp");
  }

  @Test
  void neutralOperandsGo() {
    Graph graph =
        value()
            .constant(
                "target", new Constant.Integers(ElementType.INT64, Shape.of(2), new long[] {2, 8}))
            .node("a", MUL, "x", "one")
            .node("b", ADD, "zero", "a")
            .foreign("y", "Expand", "b", "target")
            .output("y")
            .build();
    assertThat(onlyForeign(fires(new NeutralOperands(), graph))).isEqualTo("Exp");
  }

  @Test
  void aNeutralOperandThatBroadcastsStays() {
    doesNotFire(
        new NeutralOperands(),
        new GraphBuilder()
            .input("x", 1, 8)
            .constant("ones", new Constant.Splat(Shape.of(4, 8), 1))
            .constant("c", 8)
            .node("a", MUL, "x", "ones")
            .node("y", ADD, "a", "c")
            .output("y")
            .build());
  }

  @Test
  void aNeutralOperandWithAPrescribedEncodingBecomesACopy() {
    Graph graph =
        new GraphBuilder()
            .input("x", 2, 8)
            .scalar("one", 1)
            .node("y", MUL, "x", "one")
            .quantised("y", 0.1, 0)
            .output("y")
            .build();
    assertThat(ops(fires(new NeutralOperands(), graph))).containsExactly(new Op.Identity());
  }

  private static GraphBuilder product(int... dims) {
    return new GraphBuilder()
        .input("x", dims)
        .constant("w", dims[dims.length - 1], 5)
        .constant("b", 5)
        .constant("s", 5)
        .constant("t", 1, 5)
        .constant("column", dims[dims.length - 2], 1)
        .scalar("two", 2);
  }

  @Test
  void productsTakeInNormalisation() {
    Graph after =
        fires(
            new ScaleIntoLinear(),
            product(3, 4)
                .node("l", LINEAR, "x", "w", "b")
                .node("y", new Op.Affine(), "l", "s", "b")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(LINEAR);
  }

  @Test
  void productsTakeInFactorsAndSummands() {
    Graph after =
        fires(
            new ScaleIntoLinear(),
            product(2, 3, 4)
                .node("l", LINEAR, "x", "w")
                .node("m", MUL, "two", "l")
                .node("n", MUL, "m", "s")
                .node("y", ADD, "n", "t")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(LINEAR);
  }

  @Test
  void factorsOfRowsAndOfProductsUsedTwiceStay() {
    doesNotFire(
        new ScaleIntoLinear(),
        product(2, 3, 4)
            .node("l", LINEAR, "x", "w")
            .node("y", MUL, "l", "column")
            .output("y")
            .build());
    doesNotFire(
        new ScaleIntoLinear(),
        product(3, 4)
            .node("l", LINEAR, "x", "w")
            .node("y", MUL, "l", "s")
            .output("y", "l")
            .build());
    doesNotFire(
        new ScaleIntoLinear(),
        new GraphBuilder()
            .input("x", 1, 2)
            .constant("w", new Constant.Codes(Shape.of(2, 3), new byte[6], new float[] {1}, 0))
            .scalar("two", 2)
            .node("l", LINEAR, "x", "w")
            .node("y", MUL, "l", "two")
            .output("y")
            .build());
  }

  @Test
  void whatIsComputedTwiceIsComputedOnce() {
    Graph after =
        fires(
            new CommonSubexpressions(),
            value()
                .constant("c2", 8)
                .constant("twin", new Constant.Floats(Shape.of(8), new float[8]))
                .constant("other", new Constant.Floats(Shape.of(8), new float[8]))
                .node("a", ADD, "x", "twin")
                .node("b", ADD, "other", "x")
                .node("y", MUL, "a", "b")
                .output("y")
                .build());
    assertThat(behind(after)).containsExactly(ADD, MUL);
    assertThat(after.nodes().getLast().inputs()).containsExactly("a", "a");
  }

  @Test
  void differentAttributesConstantsAndEncodingsStay() {
    doesNotFire(
        new CommonSubexpressions(),
        value()
            .constant("c2", 8)
            .foreign(
                "a",
                "Elu",
                new TreeMap<>(Map.of("alpha", new Attribute.Real(1))),
                Shape.of(2, 8),
                "x")
            .foreign(
                "b",
                "Elu",
                new TreeMap<>(Map.of("alpha", new Attribute.Real(2))),
                Shape.of(2, 8),
                "x")
            .node("f", ADD, "a", "c")
            .node("g", ADD, "a", "c2")
            .node("h", MUL, "b", "b")
            .node("i", MUL, "b", "b")
            .quantised("i", 0.1, 0)
            .output("f", "g", "h", "i")
            .build());
  }

  @Test
  void whatNothingNeedsGoes() {
    Graph graph =
        value().foreign("unused", "Sigmoid", "x").node("y", ADD, "x", "c").output("y").build();
    Graph after = fires(new DeadCode(), graph);
    assertThat(after.constants()).containsOnlyKeys("c");
    assertThat(behind(after)).containsExactly(ADD);
    doesNotFire(new DeadCode(), after);
  }
}
