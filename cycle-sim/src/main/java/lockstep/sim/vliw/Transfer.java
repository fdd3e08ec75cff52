// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.isa.vliw.TransferField;

/**
 * A transfer between local and off-chip memory as its start hands it over: {@code counts[0] x
 * counts[1] x counts[2]} runs of {@code bytes}, the first count the innermost loop.
 *
 * @param bundle that started it
 * @param memory byte address, without a sign
 * @param code that a constant transfer writes
 */
record Transfer(
    int bundle,
    boolean out,
    boolean constant,
    long memory,
    int local,
    int bytes,
    int[] counts,
    int[] memorySteps,
    int[] localSteps,
    byte code) {
  static final int LOOPS = 3;
  private static final int MOST_COUNT = 65535;
  private static final int MOST_BYTES = 1 << 20;

  static Transfer of(int[] fields, int bundle, boolean out, boolean constant) {
    return new Transfer(
        bundle,
        out,
        constant,
        Integer.toUnsignedLong(fields[TransferField.MEMORY.ordinal()]),
        fields[TransferField.LOCAL.ordinal()],
        fields[TransferField.BYTES.ordinal()],
        three(fields, TransferField.COUNT1),
        three(fields, TransferField.MEMORY_STEP1),
        three(fields, TransferField.LOCAL_STEP1),
        (byte) fields[TransferField.CONSTANT.ordinal()]);
  }

  private static int[] three(int[] fields, TransferField first) {
    int[] values = new int[LOOPS];
    System.arraycopy(fields, first.ordinal(), values, 0, LOOPS);
    return values;
  }

  long runs() {
    return (long) counts[0] * counts[1] * counts[2];
  }

  /** When it ran, started in cycle {@code start}. */
  TransferTime time(long start, long begin, long finish) {
    return new TransferTime(bundle, out, constant, runs() * bytes, start, begin, finish);
  }

  /** Bytes of local memory up to the last one that it moves, if its addresses do not wrap. */
  long localEnd() {
    long end = Integer.toUnsignedLong(local) + bytes;
    for (int loop = 0; loop < LOOPS; loop++) {
      end += Math.max(0, (counts[loop] - 1L) * localSteps[loop]);
    }
    return end;
  }

  /**
   * Faults if it is none that a program may start.
   *
   * @param word bytes of a word of local memory
   * @param localBytes of local memory
   * @param memoryBytes of off-chip memory
   */
  void check(int word, long localBytes, long memoryBytes) {
    for (int loop = 0; loop < LOOPS; loop++) {
      require(
          counts[loop] >= 1 && counts[loop] <= MOST_COUNT,
          "count%d %d is not from 1 to %d".formatted(loop + 1, counts[loop], MOST_COUNT));
    }
    require(
        bytes >= 1 && bytes <= MOST_BYTES,
        "bytes %d is not from 1 to %d".formatted(bytes, MOST_BYTES));
    int low = local | bytes | localSteps[0] | localSteps[1] | localSteps[2];
    if (!constant) {
      low |= (int) memory | memorySteps[0] | memorySteps[1] | memorySteps[2];
    }
    require(
        (low & word - 1) == 0,
        "bytes, an address or a step is no multiple of the %d bytes of a word".formatted(word));
    inside(Integer.toUnsignedLong(local), localSteps, localBytes, "local");
    if (!constant) {
      inside(memory, memorySteps, memoryBytes, "off-chip");
    }
  }

  /** The runs' addresses are taken modulo 2^32, which most transfers do not need. */
  private void inside(long first, int[] steps, long limit, String where) {
    long least = first;
    long most = first + bytes;
    for (int loop = 0; loop < LOOPS; loop++) {
      long span = (counts[loop] - 1L) * steps[loop];
      least += Math.min(0, span);
      most += Math.max(0, span);
    }
    if (least >= 0 && most <= limit) {
      return;
    }
    Runs all = new Runs(this);
    boolean on = true;
    while (on) {
      long address = steps == memorySteps ? all.memory() : Integer.toUnsignedLong(all.local());
      require(
          address + bytes <= limit,
          "a run of %d bytes at %d leaves the %d bytes of %s memory"
              .formatted(bytes, address, limit, where));
      on = all.next();
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new BundleFault(bundle, "starts a transfer of which " + otherwise);
    }
  }
}
