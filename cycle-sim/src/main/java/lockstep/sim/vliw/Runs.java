// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

/** Goes through the runs of a transfer; addresses modulo 2^32. */
final class Runs {
  private final Transfer transfer;
  private final int[] at = new int[Transfer.LOOPS];
  private int memory;
  private int local;

  /** At the first run. */
  Runs(Transfer transfer) {
    this.transfer = transfer;
    memory = (int) transfer.memory();
    local = transfer.local();
  }

  /** Byte address off chip. */
  long memory() {
    return Integer.toUnsignedLong(memory);
  }

  /** Byte address in local memory. */
  int local() {
    return local;
  }

  /** Goes on to the next run, if there is one. */
  boolean next() {
    for (int loop = 0; loop < Transfer.LOOPS; loop++) {
      if (++at[loop] < transfer.counts()[loop]) {
        memory += transfer.memorySteps()[loop];
        local += transfer.localSteps()[loop];
        return true;
      }
      int back = at[loop] - 1;
      memory -= back * transfer.memorySteps()[loop];
      local -= back * transfer.localSteps()[loop];
      at[loop] = 0;
    }
    return false;
  }
}
