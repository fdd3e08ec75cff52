// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture;

/**
 * The accumulator memory as a ring of bank groups, so that execute fills one while store empties
 * another; with one bank they take turns.
 */
final class AccumulatorSlots {
  private final int count;
  private final int rows;
  private int next = -1;

  AccumulatorSlots(SystolicArchitecture a) {
    int banks = a.accumulator().banks();
    int banksPerSlot = Math.max(1, banks / 2);
    count = banks / banksPerSlot;
    rows = banksPerSlot * a.accumulator().rowsPerBank();
  }

  /** Rows of one slot. */
  static int slotRows(SystolicArchitecture a) {
    return new AccumulatorSlots(a).rows;
  }

  /** First row of the next slot. */
  int next() {
    next = (next + 1) % count;
    return current();
  }

  /** First row of the slot given last. */
  int current() {
    return next * rows;
  }
}
