// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator of the table equals ONNX Runtime, and has the type that its rule gives. */
class OperatorsTest {
  private static final long SEED = 20261121;

  /** Operators of the table that ONNX Runtime has not at the versions we read; tested by hand. */
  private static final List<String> BY_HAND = List.of("Swish");

  static List<OperatorCase> cases() {
    CaseList cases = new CaseList(SEED);
    ElementwiseCases.add(cases);
    ReductionCases.add(cases);
    MovementCases.add(cases);
    WindowCases.add(cases);
    ProductCases.add(cases);
    QuantisedCases.add(cases);
    return cases.all();
  }

  static Stream<String> operators() {
    return cases().stream().map(OperatorCase::key).distinct().sorted();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void equalsOnnxRuntime(String operator) {
    for (OperatorCase one : cases()) {
      if (one.key().equals(operator)) {
        check(one);
      }
    }
  }

  private static void check(OperatorCase one) {
    List<Constant> actual = one.evaluated();
    List<ValueType> types = Operators.find(one.op()).types(one.call());
    Map<String, Constant> expected;
    try (HostSession session = HostSession.open(OnnxWriter.write(one.graph()), one.toString())) {
      expected = session.run(Map.of());
    }
    for (int i = 0; i < one.outputs(); i++) {
      String what = one + ", result " + i;
      Constant reference = expected.get("o" + i);
      assertThat(actual.get(i).type()).as(what).isEqualTo(reference.type());
      assertThat(types.get(i)).as("type of " + what).isEqualTo(reference.type());
      Nearness.require(what, actual.get(i), reference, 1e-5);
    }
  }

  @Test
  void everyOperatorHasACase() {
    List<String> covered = new ArrayList<>(operators().toList());
    covered.addAll(BY_HAND);
    assertThat(new TreeSet<>(covered)).isEqualTo(new TreeSet<>(Operators.table().keySet()));
    System.out.printf("%d operators, %d cases%n", covered.size(), cases().size());
  }

  @Test
  void swish() {
    CaseList c = new CaseList(1);
    c.opset(23).with("alpha", 2.0).of("Swish", CaseList.floatsOf(new int[] {3}, -1, 0, 2));
    float[] y = c.all().getFirst().evaluated().getFirst().floats();
    assertThat(y[0]).isCloseTo(-0.11920292f, offset(1e-7f));
    assertThat(y[1]).isZero();
    assertThat(y[2]).isCloseTo(1.9640276f, offset(1e-6f));
  }

  /** Before opset 7, which ONNX Runtime no longer runs. */
  @Test
  void operandsAlignedAtAnAxis() {
    CaseList c = new CaseList(1);
    Constant x = CaseList.floatsOf(new int[] {2, 2}, 2, 4, 6, 8);
    Constant y = CaseList.floatsOf(new int[] {2}, 2, 4);
    c.opset(6);
    c.with("axis", 0).with("broadcast", 1).of("Div", x, y);
    c.with("broadcast", 1).of("Div", x, y);
    c.with("axis", 0).with("broadcast", 1).of("Greater", x, y);
    c.of("PRelu", CaseList.floatsOf(new int[] {1, 2, 1}, -1, -1), y);
    List<float[]> results =
        c.all().stream().map(one -> one.evaluated().getFirst().floats()).toList();
    assertThat(results.get(0)).containsExactly(1, 2, 1.5f, 2);
    assertThat(results.get(1)).containsExactly(1, 1, 3, 2);
    assertThat(results.get(2)).containsExactly(0, 1, 1, 1);
    assertThat(results.get(3)).containsExactly(-2, -4);
  }

  @Test
  void operandsThatDoNotFit() {
    CaseList c = new CaseList(1);
    c.of("Add", c.floats(2, 3), c.floats(2));
    c.of("Reshape", c.floats(2, 3), CaseList.vector(4));
    c.of("Gather", c.floats(2, 3), CaseList.vector(2));
    c.of("Div", CaseList.vector(1), CaseList.vector(0));
    c.of("Conv", c.floats(1, 2, 3, 3), c.floats(1, 2, 4, 4));
    c.of("Softmax", CaseList.vector(1));
    c.of("MatMul", c.floats(2, 3));
    for (OperatorCase one : c.all()) {
      assertThatThrownBy(one::evaluated)
          .as(one.toString())
          .isInstanceOf(UserError.class)
          .hasMessageContaining("(" + one.key() + ") cannot be evaluated: ");
    }
  }

  /** A type rule asks for values only where the operator's shape depends on them. */
  @Test
  void shapesThatAreKnownOnlyAtRunTime() {
    Set<String> open = new TreeSet<>();
    for (OperatorCase one : cases()) {
      Call known = one.call();
      Call hidden =
          new Call(
              known.type(),
              known.attributes(),
              known.opset(),
              known.types(),
              _ -> null,
              known.outputs());
      try {
        assertThat(Operators.find(one.op()).types(hidden))
            .as(one.toString())
            .isEqualTo(Operators.find(one.op()).types(known));
      } catch (UnknownValue e) {
        open.add(one.key().startsWith("Reduce") ? "Reduce..." : one.key());
      }
    }
    assertThat(open)
        .containsExactly(
            "Compress",
            "ConstantOfShape",
            "Expand",
            "NonZero",
            "OneHot",
            "Pad",
            "Range",
            "Reduce...",
            "Reshape",
            "Resize",
            "Slice",
            "Split",
            "Squeeze",
            "Tile",
            "TopK",
            "Unsqueeze",
            "Upsample");
  }
}
