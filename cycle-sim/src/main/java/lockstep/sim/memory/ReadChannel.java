// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.memory;

import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;

/**
 * The read side of off-chip memory: bursts served in the order of their grants.
 *
 * <pre>
 * grant g -> on the AR channel a = g + 1 -> start = max(a + 1 + latency, finish of the burst before)
 * beat k on the R channel in start + ceil((k+1) q) - 1;  finish = start + ceil(n q);  q = max(W,B)/B
 * </pre>
 */
public final class ReadChannel {
  private final long numerator;
  private final long denominator;
  private final int latency;
  private long finish;
  private long nextGrant;

  public ReadChannel(Dma dma, OffChipMemory memory) {
    int width = dma.widthBytes();
    int rate = memory.bytesPerCycle();
    numerator = Math.max(width, rate);
    denominator = rate;
    latency = memory.latencyCycles();
  }

  /** First cycle in which the arbiter can grant. */
  public long nextGrant() {
    return nextGrant;
  }

  /** Grants a burst in cycle {@code grant} and returns its start. */
  public long grant(long grant, int beats) {
    nextGrant = grant + 1;
    long start = Math.max(grant + 2 + latency, finish);
    finish = start + beatsToCycles(beats);
    return start;
  }

  /** Cycle in which beat {@code k} of a burst that starts in {@code start} is on the channel. */
  public long beat(long start, int k) {
    return start + beatsToCycles(k + 1) - 1;
  }

  private long beatsToCycles(int beats) {
    return numerator == denominator ? beats : (beats * numerator + denominator - 1) / denominator;
  }
}
