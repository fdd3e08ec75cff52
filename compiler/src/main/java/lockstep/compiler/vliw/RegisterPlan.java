// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.compiler.vliw.Operation.Use;

/**
 * Which registers of the files a loop's virtual ones are, round by round. A value whose life is
 * longer than the interval needs several registers, which rounds take in turn.
 *
 * @param rounds after which the turns of all registers begin again
 * @param places by virtual register
 */
record RegisterPlan(int rounds, Map<Register, Place> places) {

  /**
   * @param first number of the first register of the file
   * @param copies rounds that have one of their own; divides {@code rounds}
   */
  record Place(int first, int copies) {}

  /** Number in its file of a register in a round. */
  int number(Register register, long round) {
    Place place = Objects.requireNonNull(places.get(register), register.toString());
    return place.first() + (int) (round % place.copies()) * register.size();
  }

  /** Registers of a file that are taken. */
  int taken(Register.File file) {
    int taken = 0;
    for (var each : places.entrySet()) {
      if (each.getKey().file() == file) {
        taken += each.getKey().size() * each.getValue().copies();
      }
    }
    return taken;
  }

  /**
   * A plan, if the files are large enough.
   *
   * @param fixed numbers of registers that have theirs from outside, each by itself
   */
  static Optional<RegisterPlan> of(
      VliwArchitecture machine,
      LoopBody body,
      ModuloSchedule schedule,
      Map<Register, Integer> fixed) {
    Map<Register, Integer> lives = new LinkedHashMap<>();
    int rounds = 1;
    for (Register register : body.registers()) {
      int life = fixed.containsKey(register) ? 1 : copies(body, schedule, register);
      lives.put(register, life);
      rounds = Math.max(rounds, life);
    }
    Map<Register.File, Integer> next = new EnumMap<>(Register.File.class);
    for (var each : fixed.entrySet()) {
      int end = each.getValue() + each.getKey().size();
      next.merge(each.getKey().file(), end, Math::max);
    }
    Map<Register, Place> places = new HashMap<>();
    for (var each : lives.entrySet()) {
      Register register = each.getKey();
      Integer given = fixed.get(register);
      if (given != null) {
        places.put(register, new Place(given, 1));
        continue;
      }
      int copies = each.getValue();
      while (rounds % copies != 0) {
        copies++;
      }
      int first = next.getOrDefault(register.file(), 0);
      int end = first + copies * register.size();
      if (end > register.file().count(machine)) {
        return Optional.empty();
      }
      next.put(register.file(), end);
      places.put(register, new Place(first, copies));
    }
    return Optional.of(new RegisterPlan(rounds, places));
  }

  /** Rounds whose values of a register live at the same time. */
  private static int copies(LoopBody body, ModuloSchedule schedule, Register register) {
    if (!body.renamed(register)) {
      return 1;
    }
    int first = Integer.MAX_VALUE;
    int last = 0;
    for (int operation : body.users(register)) {
      int step = schedule.steps()[operation];
      Use use = body.use(operation, register);
      int arrival = use.writes() ? step + body.latency(operation, use) : step;
      if (use.writes()) {
        first = Math.min(first, arrival);
      }
      last = Math.max(last, Math.max(step, arrival));
    }
    return (last - first) / schedule.interval() + 1;
  }
}
