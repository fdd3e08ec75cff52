// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import lockstep.compiler.program.Program;
import lockstep.sim.RunResult;

/** The comparison that gives the product its name: no tolerance, everything compared. */
public final class Lockstep {
  private Lockstep() {}

  /**
   * Compares total cycles, every retire cycle, every counter, and memory if both runs have it.
   *
   * @return empty if the runs are equal
   */
  public static Optional<Divergence> compare(RunResult simulated, RunResult rtl, Program program) {
    int instruction = firstDiverging(simulated.retire(), rtl.retire());
    List<Divergence.Counter> counters = counters(simulated.counters(), rtl.counters());
    long address = -1;
    if (simulated.memory() != null && rtl.memory() != null) {
      address = Arrays.mismatch(simulated.memory(), rtl.memory());
    }
    if (instruction < 0
        && counters.isEmpty()
        && address < 0
        && simulated.cycles() == rtl.cycles()) {
      return Optional.empty();
    }
    return Optional.of(
        instruction < 0
            ? new Divergence(-1, simulated.cycles(), rtl.cycles(), "", counters, address)
            : new Divergence(
                instruction,
                retire(simulated, instruction),
                retire(rtl, instruction),
                layer(program, instruction),
                counters,
                address));
  }

  private static int firstDiverging(long[] simulated, long[] rtl) {
    int first = -1;
    long when = Long.MAX_VALUE;
    for (int i = 0; i < Math.max(simulated.length, rtl.length); i++) {
      long s = i < simulated.length ? simulated[i] : -1;
      long r = i < rtl.length ? rtl[i] : -1;
      if (s != r && Math.min(s, r) < when) {
        first = i;
        when = Math.min(s, r);
      }
    }
    return first;
  }

  private static long retire(RunResult run, int instruction) {
    return instruction < run.retire().length ? run.retire()[instruction] : -1;
  }

  private static String layer(Program program, int instruction) {
    if (instruction >= program.layerOf().length) {
      return "";
    }
    int layer = program.layerOf()[instruction];
    return layer >= 0 && layer < program.layers().size() ? program.layers().get(layer).name() : "";
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
}
