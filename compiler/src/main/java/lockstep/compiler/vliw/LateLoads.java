// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import lockstep.compiler.schedule.ModuloProblem;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.compiler.schedule.ModuloTable;
import lockstep.isa.vliw.SlotKind;

/**
 * Moves the loads of a schedule, and the numbers that are written to all lanes, to the last steps
 * that what depends on them and the resources leave: values live shorter, and take fewer registers,
 * at the same interval.
 */
final class LateLoads {
  private static final int PASSES = 3;

  private LateLoads() {}

  /** Loads go no later than the steps of their pointers, which stay. */
  static ModuloSchedule of(LoopBody loop, ModuloProblem problem, ModuloSchedule schedule) {
    return of(loop, problem, schedule, false);
  }

  /** The steps of pointers go late, too: rounds take longer, and registers are fewer yet. */
  static ModuloSchedule withPointers(
      LoopBody loop, ModuloProblem problem, ModuloSchedule schedule) {
    return of(loop, problem, schedule, true);
  }

  private static ModuloSchedule of(
      LoopBody loop, ModuloProblem problem, ModuloSchedule schedule, boolean pointers) {
    int interval = schedule.interval();
    int[] steps = schedule.steps().clone();
    ModuloTable taken = new ModuloTable(problem, interval);
    for (int i = 0; i < steps.length; i++) {
      taken.take(i, steps[i], 1);
    }
    List<List<Dependence>> outOf = problem.outOf();
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = steps.length - 1; i >= 0; i--) {
        if (goesLate(loop.operations().get(i), pointers)) {
          taken.take(i, steps[i], -1);
          steps[i] = latest(i, steps, interval, outOf.get(i), taken);
          taken.take(i, steps[i], 1);
        }
      }
    }
    return new ModuloSchedule(interval, steps);
  }

  /** Whether it only takes an address, or nothing that is computed before. */
  private static boolean goesLate(Operation operation, boolean pointers) {
    return operation.slot() == SlotKind.LOAD
        || (pointers && operation.mnemonic().equals("addi"))
        || (operation.slot() == SlotKind.VECTOR
            && operation.accesses().stream().noneMatch(a -> a.use().reads()));
  }

  /** The last step for an operation that nothing holds up; its own if there is no other. */
  private static int latest(
      int operation, int[] steps, int interval, List<Dependence> outOf, ModuloTable taken) {
    int latest = Integer.MAX_VALUE;
    for (Dependence d : outOf) {
      latest = Math.min(latest, steps[d.to()] - d.delay() + interval * d.distance());
    }
    if (latest != Integer.MAX_VALUE) {
      for (int step = latest; step > steps[operation]; step--) {
        if (taken.fits(operation, step)) {
          return step;
        }
      }
    }
    return steps[operation];
  }
}
