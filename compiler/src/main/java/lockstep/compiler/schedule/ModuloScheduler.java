// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloProblem.Operation;
import lockstep.compiler.schedule.ModuloProblem.Use;

/**
 * Iterative modulo scheduling (Rau, 1994): the operations that most depends on go first, each to
 * the first step of one interval that its neighbours and the resources leave; where there is none,
 * it takes a step all the same and those in its way are placed again. An attempt is given up after
 * so many placements for each operation; the next ones disturb the order a little. After the last
 * attempt comes the next longer interval. The same problem gives the same schedule.
 */
public final class ModuloScheduler {
  private static final int PLACEMENTS = 40;
  private static final int ATTEMPTS = 8;
  private static final int DISTURBANCE = 6;
  private static final int NOT_PLACED = -1;

  private final ModuloProblem problem;
  private final int interval;
  private final int[] heights;
  private final int[] steps;
  private final int[] last;
  private final ModuloTable taken;
  private final List<List<Dependence>> into;
  private final List<List<Dependence>> outOf;
  private final PriorityQueue<Integer> waiting;

  private ModuloScheduler(
      ModuloProblem problem,
      int interval,
      int[] heights,
      List<List<Dependence>> into,
      List<List<Dependence>> outOf) {
    this.problem = problem;
    this.interval = interval;
    this.heights = heights;
    this.into = into;
    this.outOf = outOf;
    int count = problem.operations().size();
    steps = new int[count];
    last = new int[count];
    Arrays.fill(steps, NOT_PLACED);
    Arrays.fill(last, NOT_PLACED);
    taken = new ModuloTable(problem, interval);
    waiting =
        new PriorityQueue<>(
            Comparator.comparingInt((Integer i) -> -this.heights[i]).thenComparingInt(i -> i));
    for (int i = 0; i < count; i++) {
      waiting.add(i);
    }
  }

  /**
   * The schedule of the shortest interval that is found, the bound's if it can be.
   *
   * @throws IllegalArgumentException if there is none: see {@link IntervalBound#of}
   */
  public static ModuloSchedule of(ModuloProblem problem) {
    int interval = IntervalBound.of(problem).interval();
    while (true) {
      Optional<ModuloSchedule> found = at(problem, interval);
      if (found.isPresent()) {
        return found.get();
      }
      interval++;
    }
  }

  /** A schedule at an interval that is not below the recurrences' bound, if one is found. */
  public static Optional<ModuloSchedule> at(ModuloProblem problem, int interval) {
    int[] heights = heights(problem, interval);
    List<List<Dependence>> into = problem.into();
    List<List<Dependence>> outOf = problem.outOf();
    Optional<ModuloSchedule> found = Optional.empty();
    for (int attempt = 0; attempt < ATTEMPTS && found.isEmpty(); attempt++) {
      SplittableRandom random = new SplittableRandom(attempt);
      int disturbance = attempt == 0 ? 1 : DISTURBANCE;
      int[] order = Arrays.stream(heights).map(h -> h + random.nextInt(disturbance)).toArray();
      found = new ModuloScheduler(problem, interval, order, into, outOf).schedule();
    }
    return found;
  }

  /** How many steps the farthest operation that depends on each comes after it. */
  private static int[] heights(ModuloProblem problem, int interval) {
    List<Dependence> turned =
        problem.dependences().stream()
            .map(d -> new Dependence(d.to(), d.from(), d.delay(), d.distance()))
            .toList();
    int[] heights =
        IntervalBound.earliest(
            new ModuloProblem(problem.operations(), turned, problem.resources()), interval);
    if (heights == null) {
      throw new IllegalArgumentException("interval " + interval + " is below the recurrences'");
    }
    return heights;
  }

  private Optional<ModuloSchedule> schedule() {
    long budget = (long) PLACEMENTS * steps.length;
    for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
      if (budget-- == 0) {
        return Optional.empty();
      }
      place(next);
    }
    return Optional.of(new ModuloSchedule(interval, fromZero()));
  }

  /** Steps less whole intervals, so that the first is in the first interval. */
  private int[] fromZero() {
    int first = Arrays.stream(steps).min().orElse(0);
    int whole = Math.floorDiv(first, interval) * interval;
    return Arrays.stream(steps).map(step -> step - whole).toArray();
  }

  private void place(int operation) {
    int earliest = 0;
    for (Dependence d : into.get(operation)) {
      if (steps[d.from()] != NOT_PLACED) {
        earliest = Math.max(earliest, steps[d.from()] + d.delay() - interval * d.distance());
      }
    }
    int step = NOT_PLACED;
    for (int s = earliest; s < earliest + interval && step == NOT_PLACED; s++) {
      step = taken.fits(operation, s) ? s : NOT_PLACED;
    }
    if (step == NOT_PLACED) {
      step = last[operation] == NOT_PLACED ? earliest : Math.max(earliest, last[operation] + 1);
      makeRoom(operation, step);
    }
    taken.take(operation, step, 1);
    steps[operation] = step;
    last[operation] = step;
    for (Dependence d : outOf.get(operation)) {
      if (steps[d.to()] != NOT_PLACED
          && steps[d.to()] < step + d.delay() - interval * d.distance()) {
        remove(d.to());
      }
    }
  }

  /** Removes operations that share a resource with this one there, until it fits. */
  private void makeRoom(int operation, int step) {
    for (int other = 0; other < steps.length && !taken.fits(operation, step); other++) {
      if (steps[other] != NOT_PLACED && meets(operation, step, other)) {
        remove(other);
      }
    }
  }

  private boolean meets(int operation, int step, int other) {
    Operation placed = problem.operations().get(other);
    for (Use use : problem.operations().get(operation).uses()) {
      for (Use its : placed.uses()) {
        if (use.resource() == its.resource() && row(step, use) == row(steps[other], its)) {
          return true;
        }
      }
    }
    return false;
  }

  private void remove(int operation) {
    taken.take(operation, steps[operation], -1);
    steps[operation] = NOT_PLACED;
    waiting.add(operation);
  }

  private int row(int step, Use use) {
    return (step + use.offset()) % interval;
  }
}
