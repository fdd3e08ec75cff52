// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.schedule.IntervalBound;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.isa.vliw.SlotKind;

/**
 * A loop whose rounds overlap: each begins an interval after the one before.
 *
 * <pre>
 * step      0        a               a + n p             end
 *           prologue | n times p steps | the rest
 * </pre>
 *
 * In the middle all rounds are under way, and after {@code p} steps (the interval times the rounds
 * after which registers come again) everything is as it was. What is left over of the rounds is in
 * the rest.
 *
 * @param bound of the interval
 * @param bundles prologue, body, rest
 * @param from bundle with which the body begins
 * @param body bundles of the body; 0 if there is none
 * @param times that the body runs
 */
public record PipelinedLoop(
    IntervalBound bound,
    ModuloSchedule schedule,
    Map<Register.File, Integer> registers,
    List<List<Placed>> bundles,
    int from,
    int body,
    int times) {

  /**
   * An operation in a bundle.
   *
   * @param index of its slot among those of the kind
   * @param numbers of the registers that its accesses name, in their order
   */
  public record Placed(Operation operation, int index, int[] numbers) {}

  /** Steps from the first bundle to the last. */
  public long steps() {
    return bundles.size() + (long) (times - 1) * body;
  }

  /**
   * Schedules a loop.
   *
   * @param rounds at least 1
   * @param fixed numbers of registers that code around the loop knows
   * @throws UserError if the register files are too small for it, or the machine has no slot for an
   *     operation
   */
  public static PipelinedLoop of(
      VliwArchitecture machine,
      List<Operation> operations,
      long rounds,
      Map<Register, Integer> fixed) {
    LoopSchedule schedule =
        LoopSchedule.of(machine, operations, fixed)
            .orElseThrow(
                () ->
                    new UserError(
                        "%s: a loop of %d operations needs more registers than there are; add registers or unroll less"
                            .formatted(machine.name(), operations.size())));
    return of(schedule, rounds);
  }

  /**
   * So many rounds of a scheduled loop.
   *
   * @param rounds at least 1
   */
  static PipelinedLoop of(LoopSchedule schedule, long rounds) {
    return new Emission(schedule.body(), schedule.schedule(), schedule.registers(), rounds)
        .loop(schedule.bound());
  }

  private record Emission(LoopBody loop, ModuloSchedule schedule, RegisterPlan plan, long rounds) {

    PipelinedLoop loop(IntervalBound bound) {
      int interval = schedule.interval();
      int period = interval * plan.rounds();
      int from = from();
      long steady = rounds * interval - from;
      int times = steady < 2L * period ? 1 : Math.toIntExact(steady / period);
      int body = times == 1 ? 0 : period;
      long end = (rounds - 1) * interval + schedule.length();
      List<List<Placed>> bundles = new ArrayList<>();
      for (long step = 0; step < end; step++) {
        if (body > 0 && step == from + body) {
          step = from + (long) times * body;
        }
        if (step < end) {
          bundles.add(bundle(step, body > 0 && step == from - 1, body, times));
        }
      }
      return new PipelinedLoop(bound, schedule, plan.taken(), bundles, from, body, times);
    }

    /** The first step behind one that may open the loop, all rounds under way. */
    private int from() {
      int interval = schedule.interval();
      int from = Math.max(1, (schedule.stages() - 1) * interval);
      while ((from - 1 - schedule.steps()[0]) % interval != 0) {
        from++;
      }
      return from;
    }

    /** What issues in a step: operations of the rounds that are under way. */
    private List<Placed> bundle(long step, boolean opens, int body, int times) {
      int interval = schedule.interval();
      int[] next = new int[SlotKind.values().length];
      List<Placed> bundle = new ArrayList<>();
      for (int i = 0; i < loop.operations().size(); i++) {
        int at = schedule.steps()[i];
        if (Math.floorMod(step - at, interval) != 0) {
          continue;
        }
        Operation operation = loop.operations().get(i);
        int index = next[operation.slot().ordinal()]++;
        long round = Math.floorDiv(step - at, interval);
        if (i == 0) {
          if (opens) {
            bundle.add(new Placed(opening(body, times), index, new int[0]));
          }
        } else if (round >= 0 && round < rounds) {
          int[] numbers =
              operation.accesses().stream()
                  .mapToInt(a -> plan.number(a.register(), round) + a.offset())
                  .toArray();
          bundle.add(new Placed(operation, index, numbers));
        }
      }
      return bundle;
    }

    private static Operation opening(int body, int times) {
      Map<String, Long> fields = Map.of("count", (long) times, "bundles", (long) body);
      return new Operation(SlotKind.SCALAR, LoopBody.OPENS.mnemonic(), fields, List.of());
    }
  }
}
