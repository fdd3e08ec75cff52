// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.vliw.PipelinedLoop.Placed;
import lockstep.isa.vliw.SlotKind;

/**
 * Bundles in a row that begin and end with all results there.
 *
 * @param loops that are open at a time in them, at most
 */
record Code(List<List<Placed>> bundles, int loops) {
  static final Code NOTHING = new Code(List.of(), 0);

  Code then(Code next) {
    List<List<Placed>> both = new ArrayList<>(bundles);
    both.addAll(next.bundles);
    return new Code(both, Math.max(loops, next.loops));
  }

  /** A pipelined loop. */
  static Code of(VliwArchitecture machine, PipelinedLoop loop) {
    List<List<Placed>> bundles = new ArrayList<>(loop.bundles());
    bundles.addAll(empty(longest(machine) - 1));
    return new Code(bundles, loop.body() > 0 ? 1 : 0);
  }

  /** Operations of one kind that do not depend on each other, as many in a bundle as fit. */
  static Code side(VliwArchitecture machine, SlotKind kind, List<Operation> operations) {
    int width = kind.count(machine);
    List<List<Placed>> bundles = new ArrayList<>();
    for (int from = 0; from < operations.size(); from += width) {
      List<Placed> bundle = new ArrayList<>();
      for (int i = from; i < Math.min(operations.size(), from + width); i++) {
        bundle.add(new Placed(operations.get(i), i - from, new int[0]));
      }
      bundles.add(bundle);
    }
    if (!bundles.isEmpty()) {
      bundles.addAll(empty(kind.latency(machine) - 1));
    }
    return new Code(bundles, 0);
  }

  /**
   * The same {@code count} times: in a loop of the machine, if it has room for the bundles and for
   * one more open loop, else written out.
   *
   * @param end runs at the end of each round, which is an empty bundle at least, as two loops
   *     cannot end in one bundle
   */
  Code times(VliwArchitecture machine, int count, Code end) {
    Code round = then(end.bundles.isEmpty() ? new Code(empty(1), 0) : end);
    if (count == 1) {
      return round;
    }
    List<List<Placed>> bundles = new ArrayList<>();
    if (loops < machine.loopDepth() && round.bundles.size() <= machine.instructionMemory()) {
      Map<String, Long> fields =
          Map.of("count", (long) count, "bundles", (long) round.bundles.size());
      Operation opens = new Operation(SlotKind.SCALAR, "loop", fields, List.of());
      bundles.add(List.of(new Placed(opens, 0, new int[0])));
      bundles.addAll(round.bundles);
      return new Code(bundles, loops + 1);
    }
    for (int i = 0; i < count; i++) {
      bundles.addAll(round.bundles);
    }
    return new Code(bundles, loops);
  }

  private static int longest(VliwArchitecture machine) {
    int longest = 1;
    for (SlotKind kind : SlotKind.values()) {
      if (kind.count(machine) > 0) {
        longest = Math.max(longest, kind.latency(machine));
      }
    }
    return longest;
  }

  private static List<List<Placed>> empty(int count) {
    List<List<Placed>> bundles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bundles.add(List.of());
    }
    return bundles;
  }
}
