// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.memory;

import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;

/**
 * The write side of off-chip memory: a beat takes as much credit as it has bytes, and the memory
 * gains {@code bytesPerCycle} a cycle up to the larger of the two.
 */
public final class WriteChannel {
  private final int width;
  private final int rate;
  private final int limit;
  private final int latency;
  private long accepted = -1;
  private long credit;

  public WriteChannel(Dma dma, OffChipMemory memory) {
    width = dma.widthBytes();
    rate = memory.bytesPerCycle();
    limit = Math.max(width, rate);
    latency = memory.latencyCycles();
    credit = limit;
  }

  /** Accepts the next beat, offered from cycle {@code offered} on, and returns the cycle. */
  public long accept(long offered) {
    long t = offered;
    if (accepted >= 0) {
      t = Math.max(t, accepted + Math.max(1, Math.ceilDiv(width - credit, rate)));
      credit = Math.min(limit, credit + rate * (t - accepted));
    }
    credit -= width;
    accepted = t;
    return t;
  }

  /** Cycle of the response to a burst whose last beat was accepted in {@code last}. */
  public long response(long last) {
    return last + 1 + latency;
  }
}
