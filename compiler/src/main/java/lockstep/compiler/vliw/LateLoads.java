// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.compiler.schedule.ModuloProblem;
import lockstep.compiler.schedule.ModuloProblem.Dependence;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.isa.vliw.SlotKind;

/**
 * Moves the loads of a schedule to the last steps that what depends on them and the resources
 * leave: values live shorter, and take fewer registers, at the same interval.
 */
final class LateLoads {
  private static final int PASSES = 3;

  private LateLoads() {}

  static ModuloSchedule of(LoopBody loop, ModuloProblem problem, ModuloSchedule schedule) {
    int[] steps = schedule.steps().clone();
    ModuloSchedule later = new ModuloSchedule(schedule.interval(), steps);
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = steps.length - 1; i >= 0; i--) {
        if (loop.operations().get(i).slot() == SlotKind.LOAD) {
          move(i, problem, later);
        }
      }
    }
    return later;
  }

  private static void move(int load, ModuloProblem problem, ModuloSchedule schedule) {
    int[] steps = schedule.steps();
    int before = steps[load];
    int latest = Integer.MAX_VALUE;
    for (Dependence d : problem.dependences()) {
      if (d.from() == load && d.to() != load) {
        int next = steps[d.to()] - d.delay() + schedule.interval() * d.distance();
        latest = Math.min(latest, next);
      }
    }
    if (latest == Integer.MAX_VALUE) {
      return;
    }
    for (int step = latest; step > before; step--) {
      steps[load] = step;
      if (problem.verify(schedule).isEmpty()) {
        return;
      }
    }
    steps[load] = before;
  }
}
