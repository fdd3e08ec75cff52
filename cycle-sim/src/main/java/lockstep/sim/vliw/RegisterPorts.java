// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.vliw.Bundle.Write;

/**
 * Which results arrive in which step, kept for the steps to come: two in one register, or more in a
 * file than it has write ports, are a fault; so are more reads of accumulators than read ports,
 * some of which happen in later steps.
 */
final class RegisterPorts {
  /** More than the longest latency, a power of two. */
  private static final int STEPS = 32;

  private static final int FILES = RegisterFile.values().length;
  private static final int QUARTERS = 4;

  private final int[] writePorts = new int[FILES];
  private final int accumulatorReads;
  private final int matrixLatency;
  private final long[] step = new long[STEPS * FILES];
  private final int[] written = new int[STEPS * FILES];

  // bit r: register r gets a result in the step, a whole one or some quarters of it
  private final long[] whole = new long[STEPS * FILES];
  private final long[] inPart = new long[STEPS * FILES];
  private final long[] quarters = new long[STEPS * FILES * QUARTERS];
  private final long[] readStep = new long[STEPS];
  private final int[] reads = new int[STEPS];

  RegisterPorts(VliwArchitecture machine) {
    for (RegisterFile file : RegisterFile.values()) {
      writePorts[file.ordinal()] = file.writePorts(machine);
    }
    accumulatorReads = RegisterFile.ACCUMULATOR.readPorts(machine);
    matrixLatency = machine.slots().matrix().latency();
  }

  /** Takes the ports that {@code bundle} needs, issued as step {@code now}. */
  void take(Bundle bundle, long now) {
    for (Write write : bundle.writes()) {
      write(bundle, write, now + write.latency());
    }
    if (bundle.accumulatorReads() > 0) {
      read(bundle, bundle.accumulatorReads(), now);
    }
    if (bundle.lateReads() > 0) {
      read(bundle, bundle.lateReads(), now + matrixLatency - 1);
    }
  }

  private void write(Bundle bundle, Write write, long arrival) {
    int file = write.file().ordinal();
    int at = (int) (arrival & STEPS - 1) * FILES + file;
    if (step[at] != arrival) {
      step[at] = arrival;
      written[at] = 0;
      whole[at] = 0;
      inPart[at] = 0;
    }
    long register = 1L << write.register();
    boolean all = write.quarters() == Operands.WHOLE;
    if (((whole[at] | inPart[at]) & register) != 0
        && (all || (whole[at] & register) != 0 || !otherQuarters(at, write, register))) {
      throw new BundleFault(
          bundle.number(),
          "two results arrive in %s register %d in one step"
              .formatted(write.file().word(), write.register()));
    }
    if (all) {
      whole[at] |= register;
    } else {
      take(at, write, register);
    }
    if (++written[at] > writePorts[file]) {
      throw new BundleFault(
          bundle.number(),
          "%d results arrive in %s registers in one step through %d ports"
              .formatted(written[at], write.file().word(), writePorts[file]));
    }
  }

  private boolean otherQuarters(int at, Write write, long register) {
    for (int q = 0; q < QUARTERS; q++) {
      if ((write.quarters() >> q & 1) != 0 && (quarters[at * QUARTERS + q] & register) != 0) {
        return false;
      }
    }
    return true;
  }

  private void take(int at, Write write, long register) {
    boolean first = (inPart[at] & register) == 0;
    inPart[at] |= register;
    for (int q = 0; q < QUARTERS; q++) {
      if ((write.quarters() >> q & 1) != 0) {
        quarters[at * QUARTERS + q] |= register;
      } else if (first) {
        quarters[at * QUARTERS + q] &= ~register;
      }
    }
  }

  private void read(Bundle bundle, int count, long when) {
    int at = (int) (when & STEPS - 1);
    if (readStep[at] != when) {
      readStep[at] = when;
      reads[at] = 0;
    }
    reads[at] += count;
    if (reads[at] > accumulatorReads) {
      throw new BundleFault(
          bundle.number(),
          "%d accumulator registers are read in one step through %d ports"
              .formatted(reads[at], accumulatorReads));
    }
  }
}
