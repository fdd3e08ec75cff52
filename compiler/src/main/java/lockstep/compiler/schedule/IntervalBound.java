// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import java.util.Arrays;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloProblem.Operation;
import lockstep.compiler.schedule.ModuloProblem.Use;
import org.jspecify.annotations.Nullable;

/**
 * The interval that no schedule of a loop body is below: {@code max(resource, recurrence)}.
 *
 * @param resource the most that a round takes of a resource, over what a step has of it, rounded up
 * @param by name of that resource, the first of several
 * @param recurrence the most steps that a circle of dependences takes, over the rounds that it
 *     spans, rounded up
 */
public record IntervalBound(int resource, String by, int recurrence) {

  /** The bound, at least 1. */
  public int interval() {
    return Math.max(1, Math.max(resource, recurrence));
  }

  /**
   * The bound of a problem.
   *
   * @throws IllegalArgumentException if the problem makes no sense, or a circle of dependences
   *     takes steps within one round: there is no schedule
   */
  public static IntervalBound of(ModuloProblem problem) {
    problem
        .check()
        .ifPresent(
            mistake -> {
              throw new IllegalArgumentException(mistake);
            });
    long[] taken = new long[problem.resources().size()];
    for (Operation operation : problem.operations()) {
      for (Use use : operation.uses()) {
        taken[use.resource()] += use.amount();
      }
    }
    long most = 0;
    String by = "";
    for (int r = 0; r < taken.length; r++) {
      long interval = Math.ceilDiv(taken[r], (long) problem.resources().get(r).capacity());
      if (interval > most) {
        most = interval;
        by = problem.resources().get(r).name();
      }
    }
    return new IntervalBound(Math.toIntExact(most), by, recurrence(problem));
  }

  private static int recurrence(ModuloProblem problem) {
    int most = problem.dependences().stream().mapToInt(d -> Math.max(0, d.delay())).sum() + 1;
    if (circles(problem, most)) {
      throw new IllegalArgumentException("a circle of dependences within one round");
    }
    int least = 0;
    while (least < most) {
      int middle = (least + most) / 2;
      if (circles(problem, middle)) {
        least = middle + 1;
      } else {
        most = middle;
      }
    }
    return least;
  }

  /** Whether some circle of dependences takes more steps than its rounds have at an interval. */
  private static boolean circles(ModuloProblem problem, int interval) {
    return earliest(problem, interval) == null;
  }

  /**
   * The earliest steps by dependences alone, of operations that begin at 0; null if there are none.
   */
  static int @Nullable [] earliest(ModuloProblem problem, int interval) {
    int[] steps = new int[problem.operations().size()];
    Arrays.fill(steps, 0);
    for (int pass = 0; pass <= steps.length; pass++) {
      boolean moved = false;
      for (Dependence d : problem.dependences()) {
        int step = steps[d.from()] + d.delay() - interval * d.distance();
        if (step > steps[d.to()]) {
          steps[d.to()] = step;
          moved = true;
        }
      }
      if (!moved) {
        return steps;
      }
    }
    return null;
  }
}
