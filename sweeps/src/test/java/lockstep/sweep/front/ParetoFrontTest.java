// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
  private static List<String> items(ParetoFront<String> front) {
    return front.members().stream().map(ParetoFront.Member::item).toList();
  }

  @Test
  void keepsWhatNothingDominates() {
    var front = new ParetoFront<String>();
    assertThat(front.offer("a", 1, 5)).isTrue();
    assertThat(front.offer("b", 5, 1)).isTrue();
    assertThat(front.offer("worse than a", 1, 6)).isFalse();
    assertThat(front.offer("equal to b", 5, 1)).isTrue();
    assertThat(items(front)).containsExactly("a", "b", "equal to b");
    front.offer("better than b", 5, 0.5);
    assertThat(items(front)).containsExactly("a", "better than b");
  }

  @Test
  void agreesWithTheDefinitionOnRandomPoints() {
    var random = new SplittableRandom(7);
    for (int round = 0; round < 50; round++) {
      int dimensions = 2 + round % 3;
      List<double[]> points = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        points.add(random.ints(dimensions, 0, 8).asDoubleStream().toArray());
      }
      var front = new ParetoFront<double[]>();
      points.forEach(each -> front.offer(each, each));
      var expected =
          points.stream()
              .filter(p -> points.stream().noneMatch(q -> ParetoFront.dominates(q, p)))
              .toList();
      assertThat(front.members().stream().map(ParetoFront.Member::item))
          .as("round %d, seed 7", round)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void hypervolumeOfKnownShapes() {
    assertThat(Hypervolume.of(List.of(), 1, 1)).isZero();
    assertThat(Hypervolume.of(List.of(new double[] {1, 2}), 4, 4)).isEqualTo(6);
    assertThat(Hypervolume.of(List.of(new double[] {1, 3}, new double[] {2, 1}), 4, 4))
        .isEqualTo(7);
    assertThat(Hypervolume.of(List.of(new double[] {1, 9}), 4, 4)).isZero();
    assertThat(Hypervolume.of(List.of(new double[] {0, 0, 0, 1}), 2, 2, 2, 3)).isEqualTo(16);
  }

  @Test
  void hypervolumeCountsTheCellsOfAGrid() {
    var random = new SplittableRandom(11);
    for (int dimensions = 2; dimensions <= 4; dimensions++) {
      for (int round = 0; round < 20; round++) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          points.add(random.ints(dimensions, 0, 5).asDoubleStream().toArray());
        }
        double[] reference = new double[dimensions];
        java.util.Arrays.fill(reference, 5);
        assertThat(Hypervolume.of(points, reference))
            .as("%d dimensions, round %d, seed 11", dimensions, round)
            .isEqualTo(cells(points, dimensions), within(1e-9));
      }
    }
  }

  private static double cells(List<double[]> points, int dimensions) {
    int total = (int) Math.pow(5, dimensions);
    int covered = 0;
    for (int cell = 0; cell < total; cell++) {
      int at = cell;
      int[] corner = new int[dimensions];
      for (int i = 0; i < dimensions; i++) {
        corner[i] = at % 5;
        at /= 5;
      }
      boolean any = false;
      for (double[] p : points) {
        boolean all = true;
        for (int i = 0; i < dimensions; i++) {
          all &= p[i] <= corner[i];
        }
        any |= all;
      }
      covered += any ? 1 : 0;
    }
    return covered;
  }
}
