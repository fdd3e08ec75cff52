// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import lockstep.arch.UserError;
import lockstep.sweep.study.Parameter.Distribution;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class MethodTest {
  private static Parameter values(String path, int... values) {
    return new Parameter(
        path,
        new Parameter.Values(
            IntStream.of(values)
                .mapToObj(v -> (JsonNode) JsonNodeFactory.instance.numberNode(v))
                .toList()));
  }

  private static Parameter range(String path, double min, double max, Distribution distribution) {
    return new Parameter(path, new Parameter.Range(min, max, distribution));
  }

  @Test
  void gridIsEveryCombinationInOrder() {
    var points = Method.GRID.points(List.of(values("a", 1, 2), values("b", 3, 4, 5)), 99, 1);
    assertThat(points)
        .extracting(Point::toString)
        .containsExactly("a=1 b=3", "a=1 b=4", "a=1 b=5", "a=2 b=3", "a=2 b=4", "a=2 b=5");
    assertThat(Method.GRID.points(List.of(values("a", 1, 2)), 1, 1)).hasSize(1);
  }

  @Test
  void gridRefusesARange() {
    var parameters = List.of(range("a.b", 1, 2, Distribution.UNIFORM));
    assertThatThrownBy(() -> Method.GRID.points(parameters, 9, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.b")
        .hasMessageContaining("values: [..]");
  }

  @Test
  void drawsAreRepeatableAndFollowTheSeed() {
    var parameters =
        List.of(
            range("a", 1, 100, Distribution.INT_UNIFORM),
            range("b", 0.5, 2, Distribution.LOG_UNIFORM));
    for (Method method : List.of(Method.RANDOM, Method.SOBOL)) {
      assertThat(method.points(parameters, 32, 5)).isEqualTo(method.points(parameters, 32, 5));
      assertThat(method.points(parameters, 32, 5)).isNotEqualTo(method.points(parameters, 32, 6));
      assertThat(method.points(parameters, 32, 5)).hasSize(32).doesNotHaveDuplicates();
      assertThat(method.points(parameters, 32, 5).subList(0, 8))
          .isEqualTo(method.points(parameters, 8, 5));
    }
  }

  @Test
  void aSmallSpaceGivesEachPointOnce() {
    var parameters = List.of(values("a", 1, 2), values("b", 1, 2));
    assertThat(Method.RANDOM.points(parameters, 50, 3)).hasSize(4);
    assertThat(Method.SOBOL.points(parameters, 50, 3)).hasSize(4);
  }

  @Test
  void sobolFillsEveryBinOfAPowerOfTwoOnce() {
    var parameters = List.of(range("a", 0, 15, Distribution.INT_UNIFORM));
    var drawn =
        Method.SOBOL.points(parameters, 16, 9).stream()
            .map(p -> p.values().get("a").intValue())
            .toList();
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 16).boxed().toList());
  }

  @Test
  void rangesReachBothEndsAndNoFurther() {
    double last = Math.nextDown(1.0);
    for (Distribution each : Distribution.values()) {
      var domain = new Parameter.Range(3, 17, each);
      assertThat(domain.at(0).doubleValue()).isEqualTo(3);
      assertThat(domain.at(last).doubleValue()).isBetween(16.99, 17.0);
    }
  }

  @Test
  void constraintsCompareAndExplain() {
    var metrics = java.util.Map.of("area_mm2", 5.0);
    assertThat(Constraint.parse("area_mm2 <= 5").met(metrics)).isTrue();
    assertThat(Constraint.parse("area_mm2<5").met(metrics)).isFalse();
    assertThat(Constraint.parse("area_mm2 > 4.5").met(metrics)).isTrue();
    assertThat(Constraint.parse("area_mm2 >= 5.1").met(metrics)).isFalse();
    assertThat(Constraint.parse("area_mm2 <= 5")).hasToString("area_mm2 <= 5");
    assertThatThrownBy(() -> Constraint.parse("area == 5")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Constraint.parse("power_w < 1").met(metrics))
        .hasMessageContaining("the metrics are area_mm2");
  }
}
