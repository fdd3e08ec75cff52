// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import lockstep.compiler.graph.Constant;

/** Integers are equal; floats differ by at most so much of the largest finite one. */
public final class Nearness {
  private Nearness() {}

  /** Returns the largest difference, relative to the largest value. */
  public static double require(String what, Constant actual, Constant expected, double tolerance) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    if (expected instanceof Constant.Integers integers) {
      assertThat(((Constant.Integers) actual).values()).as(what).isEqualTo(integers.values());
      return 0;
    }
    float[] a = actual.floats();
    float[] e = expected.floats();
    double most = 1e-30;
    for (float value : e) {
      most = Math.max(most, Float.isFinite(value) ? Math.abs(value) : 0);
    }
    double furthest = 0;
    for (int i = 0; i < e.length; i++) {
      double difference = Float.compare(a[i], e[i]) == 0 ? 0 : Math.abs((double) a[i] - e[i]);
      if (!(difference <= tolerance * most)) {
        fail("%s: element %d is %s, not %s (largest %s)", what, i, a[i], e[i], most);
      }
      furthest = Math.max(furthest, difference);
    }
    return furthest / most;
  }
}
