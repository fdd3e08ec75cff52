// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import lockstep.arch.Architecture;
import lockstep.compiler.program.Program;
import lockstep.sim.RunResult;

/** The comparison that gives the product its name: no tolerance, everything compared. */
public final class Lockstep {
  private final RunResult simulated;
  private final RunResult rtl;
  private final Program program;
  private final Instructions instructions;

  private Lockstep(RunResult simulated, RunResult rtl, Program program, Architecture machine) {
    this.simulated = simulated;
    this.rtl = rtl;
    this.program = program;
    instructions = Generator.of(machine).instructions(program);
  }

  /**
   * Compares total cycles, every retire cycle, every counter, and memory if both runs have it.
   *
   * @return empty if the runs are equal and the RTL had nothing to complain about
   */
  public static Optional<Divergence> compare(
      RunResult simulated, RtlRun rtl, Program program, Architecture machine) {
    var pair = new Lockstep(simulated, rtl.result(), program, machine);
    Divergence divergence =
        new Divergence(
            rtl.complaint(),
            pair.firstDiverging((s, r) -> s != r),
            pair.firstDiverging((s, r) -> s != r && r == Divergence.NEVER),
            simulated.cycles(),
            rtl.result().cycles(),
            pair.counters(),
            pair.memory());
    boolean equal =
        divergence.complaint().isEmpty()
            && divergence.instruction().isEmpty()
            && divergence.counters().isEmpty()
            && divergence.memory().isEmpty()
            && simulated.cycles() == rtl.result().cycles();
    return equal ? Optional.empty() : Optional.of(divergence);
  }

  private interface Condition {
    boolean holds(long simulated, long rtl);
  }

  private Optional<Divergence.Instruction> firstDiverging(Condition condition) {
    int first = -1;
    long when = Long.MAX_VALUE;
    for (int i = 0; i < Math.max(simulated.retire().length, rtl.retire().length); i++) {
      long s = retire(simulated, i);
      long r = retire(rtl, i);
      long earlier = Math.min(orLate(s), orLate(r));
      if (condition.holds(s, r) && earlier < when) {
        first = i;
        when = earlier;
      }
    }
    return first < 0 ? Optional.empty() : Optional.of(instruction(first));
  }

  private static long orLate(long cycle) {
    return cycle == Divergence.NEVER ? Long.MAX_VALUE : cycle;
  }

  private static long retire(RunResult run, int instruction) {
    return instruction < run.retire().length ? run.retire()[instruction] : Divergence.NEVER;
  }

  private Divergence.Instruction instruction(int index) {
    return new Divergence.Instruction(
        index,
        instructions.assembly(index),
        layer(index),
        retire(simulated, index),
        retire(rtl, index));
  }

  private String layer(int instruction) {
    if (instruction >= program.layerOf().length) {
      return "";
    }
    int layer = program.layerOf()[instruction];
    return layer >= 0 && layer < program.layers().size() ? program.layers().get(layer).name() : "";
  }

  /** None of a run that was stopped: it has no counters. */
  private List<Divergence.Counter> counters() {
    if (rtl.counters().isEmpty()) {
      return List.of();
    }
    return counters(simulated.counters(), rtl.counters());
  }

  private static List<Divergence.Counter> counters(
      Map<String, Long> simulated, Map<String, Long> rtl) {
    TreeSet<String> keys = new TreeSet<>(simulated.keySet());
    keys.addAll(rtl.keySet());
    List<Divergence.Counter> different = new ArrayList<>();
    for (String key : keys) {
      long s = simulated.getOrDefault(key, -1L);
      long r = rtl.getOrDefault(key, -1L);
      if (s != r) {
        different.add(new Divergence.Counter(key, s, r));
      }
    }
    return different;
  }

  private Optional<Divergence.MemoryByte> memory() {
    byte[] expected = simulated.memory();
    byte[] found = rtl.memory();
    if (expected == null || found == null) {
      return Optional.empty();
    }
    int address = Arrays.mismatch(expected, found);
    if (address < 0) {
      return Optional.empty();
    }
    if (address >= Math.min(expected.length, found.length)) {
      throw new IllegalArgumentException(
          "memories of %d and %d bytes".formatted(expected.length, found.length));
    }
    return Optional.of(
        new Divergence.MemoryByte(address, expected[address], found[address], lastWriter(address)));
  }

  private Optional<Divergence.Instruction> lastWriter(long address) {
    Optional<Divergence.Instruction> last = Optional.empty();
    for (int i = 0; i < program.instructionCount(); i++) {
      if (instructions.writes(i, address)) {
        last = Optional.of(instruction(i));
      }
    }
    return last;
  }
}
