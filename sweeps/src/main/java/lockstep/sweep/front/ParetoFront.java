// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.front;

import java.util.ArrayList;
import java.util.List;

/**
 * The points that no other dominates, all objectives minimised and compared exactly. Points with
 * equal objectives do not dominate each other and all stay.
 */
public final class ParetoFront<T> {
  private final List<Member<T>> members = new ArrayList<>();

  /** A point of the front. */
  public record Member<T>(T item, double[] objectives) {}

  /**
   * Offers a point.
   *
   * @return whether it is on the front now
   * @throws IllegalArgumentException when an objective is not a number
   */
  public boolean offer(T item, double... objectives) {
    for (double each : objectives) {
      if (Double.isNaN(each)) {
        throw new IllegalArgumentException("an objective of " + item + " is not a number");
      }
    }
    if (members.stream().anyMatch(each -> dominates(each.objectives(), objectives))) {
      return false;
    }
    members.removeIf(each -> dominates(objectives, each.objectives()));
    members.add(new Member<>(item, objectives.clone()));
    return true;
  }

  /** The front, in the order of the offers. */
  public List<Member<T>> members() {
    return List.copyOf(members);
  }

  /** Whether {@code a} is nowhere larger than {@code b} and somewhere smaller. */
  public static boolean dominates(double[] a, double[] b) {
    boolean smaller = false;
    for (int i = 0; i < a.length; i++) {
      if (a[i] > b[i]) {
        return false;
      }
      smaller |= a[i] < b[i];
    }
    return smaller;
  }
}
