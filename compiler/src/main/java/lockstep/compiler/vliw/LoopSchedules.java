// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.vliw.VliwArchitecture;

/** Schedules of loop bodies, each found once: many layers have the same. */
final class LoopSchedules {
  private record Key(boolean once, List<Operation> operations, Map<Register, Integer> fixed) {}

  private final VliwArchitecture machine;
  private final Map<Key, Optional<LoopSchedule>> found = new HashMap<>();

  LoopSchedules(VliwArchitecture machine) {
    this.machine = machine;
  }

  /** The schedule of a body; empty if the machine has too few registers for it. */
  Optional<LoopSchedule> of(List<Operation> operations, Map<Register, Integer> fixed) {
    return found.computeIfAbsent(
        new Key(false, operations, fixed),
        key -> LoopSchedule.of(machine, key.operations(), key.fixed()));
  }

  /** The schedule of operations whose rounds do not overlap; empty as of {@link #of}. */
  Optional<LoopSchedule> once(List<Operation> operations, Map<Register, Integer> fixed) {
    return found.computeIfAbsent(
        new Key(true, operations, fixed),
        key -> LoopSchedule.once(machine, key.operations(), key.fixed()));
  }
}
