// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.sim.Event;
import lockstep.sim.systolic.ProgramTimes.Unit;

/**
 * The queue before one unit: which instructions of the program are its own, in order, and when they
 * entered and left it.
 */
final class UnitQueue {
  private final ProgramTimes times;
  private final int[] instructions;
  private final int depth;
  private int dispatched;
  private int accepted;

  UnitQueue(ProgramTimes times, Unit unit, int depth) {
    this.times = times;
    this.instructions = times.instructionsOf(unit);
    this.depth = depth;
  }

  /** First cycle with room for one more entry, as far as known. */
  long room() {
    int leaver = dispatched - depth;
    if (leaver < 0) {
      return 0;
    }
    return leaver < accepted ? times.accept[instructions[leaver]] + 1 : Event.NEVER;
  }

  void enter() {
    dispatched++;
  }

  /** The instruction to be accepted next, or -1. */
  int head() {
    return accepted < dispatched ? instructions[accepted] : -1;
  }

  /** Cycle from which the head is in the queue. */
  long headSince() {
    return times.dispatch[instructions[accepted]] + 1;
  }

  /** The instruction accepted {@code back} instructions before the head, or -1. */
  int before(int back) {
    return accepted - back >= 0 ? instructions[accepted - back] : -1;
  }

  void accept(long t) {
    times.accept[instructions[accepted++]] = t;
  }

  /** The layer of the unit's last instruction, or -1 if it has none. */
  int lastLayer() {
    return instructions.length == 0 ? -1 : times.layer[instructions[instructions.length - 1]];
  }
}
