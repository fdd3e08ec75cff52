// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import lockstep.compiler.graph.Constant;

/** How far a tensor is from its reference. */
public final class Difference {
  /** What is called equal. */
  public static final double EQUAL = 1e-5;

  private static final double SMALLEST = 1e-30;

  private Difference() {}

  /**
   * The greatest difference of two elements, relative to the greatest finite magnitude of the
   * reference. Infinite for another shape or kind of element, integers that are not equal, and
   * where only one is finite.
   */
  public static double of(Constant actual, Constant reference) {
    boolean whole = reference instanceof Constant.Integers;
    if (!actual.shape().equals(reference.shape()) || whole != actual instanceof Constant.Integers) {
      return Double.POSITIVE_INFINITY;
    }
    if (whole) {
      return actual.equals(reference) ? 0 : Double.POSITIVE_INFINITY;
    }
    float[] a = actual.floats();
    float[] e = reference.floats();
    double most = SMALLEST;
    double furthest = 0;
    for (int i = 0; i < e.length; i++) {
      most = Math.max(most, Float.isFinite(e[i]) ? Math.abs(e[i]) : 0);
      if (Float.isFinite(a[i]) && Float.isFinite(e[i])) {
        furthest = Math.max(furthest, Math.abs((double) a[i] - e[i]));
      } else if (a[i] != e[i] && !(Float.isNaN(a[i]) && Float.isNaN(e[i]))) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return furthest / most;
  }
}
