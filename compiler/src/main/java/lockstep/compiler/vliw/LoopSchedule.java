// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.schedule.IntervalBound;
import lockstep.compiler.schedule.ModuloProblem;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.compiler.schedule.ModuloScheduler;
import lockstep.isa.vliw.SlotKind;

/**
 * A loop body with the steps and the registers of its operations, for any number of rounds.
 *
 * @param bound of the interval
 */
record LoopSchedule(
    LoopBody body, IntervalBound bound, ModuloSchedule schedule, RegisterPlan registers) {

  /** Intervals that are tried beyond the bound before a loop is given up. */
  private static final int LONGEST = 16;

  /**
   * Schedules a body.
   *
   * @param fixed numbers of registers that code around the loop knows
   * @return empty if the register files are too small for it
   * @throws UserError if the machine has no slot for an operation
   */
  static Optional<LoopSchedule> of(
      VliwArchitecture machine, List<Operation> operations, Map<Register, Integer> fixed) {
    LoopBody body = new LoopBody(machine, operations, fixed.keySet());
    ModuloProblem problem = body.problem();
    IntervalBound bound = IntervalBound.of(problem);
    for (int interval = bound.interval(); interval <= bound.interval() + LONGEST; interval++) {
      Optional<ModuloSchedule> found = ModuloScheduler.at(problem, interval);
      if (found.isEmpty()) {
        continue;
      }
      for (ModuloSchedule schedule :
          List.of(
              LateLoads.of(body, problem, found.get()),
              LateLoads.withPointers(body, problem, found.get()))) {
        Optional<RegisterPlan> plan = RegisterPlan.of(machine, body, schedule, fixed);
        if (plan.isPresent()) {
          return Optional.of(new LoopSchedule(body, bound, schedule, plan.get()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Schedules operations that are done once, or in rounds that do not overlap.
   *
   * @param fixed numbers of registers that code around them knows
   * @return empty if the register files are too small
   * @throws UserError if the machine has no slot for an operation
   */
  static Optional<LoopSchedule> once(
      VliwArchitecture machine, List<Operation> operations, Map<Register, Integer> fixed) {
    LoopBody body = new LoopBody(machine, operations, fixed.keySet());
    ModuloProblem problem = body.problem();
    IntervalBound bound = IntervalBound.of(problem);
    int latency = 1;
    for (SlotKind kind : SlotKind.values()) {
      latency = Math.max(latency, kind.count(machine) > 0 ? kind.latency(machine) : 1);
    }
    // no schedule that leaves no step idle without need is longer
    int most = Math.max(bound.interval(), latency * (operations.size() + 2));
    int pause = latency;
    return ModuloScheduler.at(problem, most)
        .map(schedule -> LateLoads.of(body, problem, schedule))
        .map(s -> new ModuloSchedule(Math.max(bound.interval(), s.length() + pause), s.steps()))
        .flatMap(
            schedule ->
                RegisterPlan.of(machine, body, schedule, fixed)
                    .map(plan -> new LoopSchedule(body, bound, schedule, plan)));
  }

  /** Bundles of the part that repeats. */
  int period() {
    return schedule.interval() * registers.rounds();
  }

  /** As reports show it. */
  Kernel kernel(String layer, String name, long rounds, int multiplies) {
    return new Kernel(
        layer,
        name,
        schedule.interval(),
        bound.interval(),
        bound.by(),
        bound.recurrence(),
        rounds,
        schedule.stages(),
        registers.taken().getOrDefault(Register.File.SCALAR, 0),
        registers.taken().getOrDefault(Register.File.VECTOR, 0),
        registers.taken().getOrDefault(Register.File.ACCUMULATOR, 0),
        multiplies);
  }
}
