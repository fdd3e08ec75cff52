// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.schedule.ModuloSchedule;
import lockstep.compiler.vliw.Operation.Use;

/**
 * Which registers of the files a loop's virtual ones are, round by round. A value that lives longer
 * than the interval has several registers, which rounds take in turn; values that never live at the
 * same time share one. Lives are arcs on a circle of {@code rounds} intervals, registers are their
 * colours, and each arc takes the first that is free (first fit, by the arcs' beginnings).
 *
 * @param rounds after which the turns of all registers begin again
 * @param numbers by virtual register, and for each of {@code rounds}: the number of its first
 *     register
 * @param taken registers of each file that are used
 */
record RegisterPlan(int rounds, Map<Register, int[]> numbers, Map<Register.File, Integer> taken) {

  /** Number in its file of a register in a round. */
  int number(Register register, long round) {
    int[] all = Objects.requireNonNull(numbers.get(register), register.toString());
    return all[(int) (round % all.length)];
  }

  /** A virtual register and the steps of its round from the first arrival to the last access. */
  private record Life(Register register, int first, int last) {}

  /** A life in one of the rounds; {@code from} is a step of the circle. */
  private record Arc(Register register, int round, int from, int steps) {}

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
    int interval = schedule.interval();
    List<Life> lives = new ArrayList<>();
    int rounds = 1;
    for (Register register : body.registers()) {
      if (body.renamed(register)) {
        Life life = life(body, schedule, register);
        lives.add(life);
        rounds = Math.max(rounds, (life.last() - life.first()) / interval + 1);
      }
    }
    int circle = rounds * interval;
    var files = new EnumMap<Register.File, boolean[][]>(Register.File.class);
    for (Register.File file : Register.File.values()) {
      files.put(file, new boolean[file.count(machine)][circle]);
    }
    Map<Register, int[]> numbers = new LinkedHashMap<>();
    fixed.forEach(
        (register, number) -> {
          boolean[][] file = Objects.requireNonNull(files.get(register.file()));
          numbers.put(register, new int[] {number});
          take(file, number, register.size(), 0, circle);
        });
    List<Arc> arcs = new ArrayList<>();
    for (Register register : body.registers()) {
      if (!body.renamed(register) && !fixed.containsKey(register)) {
        arcs.add(new Arc(register, 0, 0, circle));
        numbers.put(register, new int[1]);
      }
    }
    List<Arc> turns = new ArrayList<>();
    for (Life life : lives) {
      numbers.put(life.register(), new int[rounds]);
      for (int round = 0; round < rounds; round++) {
        int from = Math.floorMod(life.first() + round * interval, circle);
        turns.add(new Arc(life.register(), round, from, life.last() - life.first() + 1));
      }
    }
    turns.sort(
        Comparator.comparingInt((Arc arc) -> -arc.register().size()).thenComparingInt(Arc::from));
    arcs.addAll(turns);
    for (Arc arc : arcs) {
      boolean[][] file = Objects.requireNonNull(files.get(arc.register().file()));
      int number = firstFree(file, arc);
      if (number < 0) {
        return Optional.empty();
      }
      take(file, number, arc.register().size(), arc.from(), arc.steps());
      Objects.requireNonNull(numbers.get(arc.register()))[arc.round()] = number;
    }
    Map<Register.File, Integer> taken = new HashMap<>();
    files.forEach((file, all) -> taken.put(file, used(all)));
    return Optional.of(new RegisterPlan(rounds, numbers, taken));
  }

  private static int used(boolean[][] file) {
    int used = 0;
    for (boolean[] register : file) {
      for (boolean step : register) {
        if (step) {
          used++;
          break;
        }
      }
    }
    return used;
  }

  private static int firstFree(boolean[][] file, Arc arc) {
    for (int number = 0; number + arc.register().size() <= file.length; number++) {
      boolean free = true;
      for (int r = number; free && r < number + arc.register().size(); r++) {
        for (int s = 0; free && s < arc.steps(); s++) {
          free = !file[r][(arc.from() + s) % file[r].length];
        }
      }
      if (free) {
        return number;
      }
    }
    return -1;
  }

  private static void take(boolean[][] file, int number, int size, int from, int steps) {
    for (int r = number; r < number + size; r++) {
      if (steps == file[r].length) {
        Arrays.fill(file[r], true);
      }
      for (int s = 0; s < steps; s++) {
        file[r][(from + s) % file[r].length] = true;
      }
    }
  }

  private static Life life(LoopBody body, ModuloSchedule schedule, Register register) {
    int first = Integer.MAX_VALUE;
    int last = 0;
    for (int operation : body.users(register)) {
      int step = schedule.steps()[operation];
      Use use = body.use(operation, register);
      if (use.writes()) {
        step += body.latency(operation, use);
        first = Math.min(first, step);
      }
      last = Math.max(last, step);
    }
    return new Life(register, first, last);
  }
}
