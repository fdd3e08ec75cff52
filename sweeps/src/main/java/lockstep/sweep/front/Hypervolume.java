// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.front;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The exact volume that a set of points dominates below a reference point, all objectives
 * minimised: the points are sliced along the last objective and each slice is measured in one
 * dimension fewer (Knowles 2002, "hypervolume by slicing objectives").
 */
public final class Hypervolume {
  private Hypervolume() {}

  /**
   * The volume; points that do not lie below the reference in every objective add nothing.
   *
   * @param points each of the reference's length
   */
  public static double of(List<double[]> points, double... reference) {
    List<double[]> inside = new ArrayList<>();
    for (double[] point : points) {
      boolean below = true;
      for (int i = 0; i < reference.length; i++) {
        below &= point[i] < reference[i];
      }
      if (below) {
        inside.add(point);
      }
    }
    return slice(inside, reference, reference.length);
  }

  private static double slice(List<double[]> points, double[] reference, int dimensions) {
    if (points.isEmpty()) {
      return 0;
    }
    if (dimensions == 1) {
      return reference[0] - points.stream().mapToDouble(p -> p[0]).min().orElseThrow();
    }
    int last = dimensions - 1;
    var sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingDouble(p -> p[last]));
    double volume = 0;
    for (int i = 0; i < sorted.size(); i++) {
      double from = sorted.get(i)[last];
      double to = i + 1 < sorted.size() ? sorted.get(i + 1)[last] : reference[last];
      if (to > from) {
        volume += (to - from) * slice(undominated(sorted.subList(0, i + 1), last), reference, last);
      }
    }
    return volume;
  }

  private static List<double[]> undominated(List<double[]> points, int dimensions) {
    var front = new ParetoFront<double[]>();
    points.forEach(each -> front.offer(each, Arrays.copyOf(each, dimensions)));
    return front.members().stream().map(ParetoFront.Member::item).toList();
  }
}
