// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.arch.Dma;

/**
 * Cuts the runs of a transfer into bursts: a run is the beats that hold its bytes, and a new burst
 * begins where a beat's address is a multiple of the longest burst's bytes.
 */
final class Bursts {
  private final Runs runs;
  private final int bytes;
  private final int beatShift;
  private final long burstMask;
  private long beat;
  private long last;

  /** Before the first burst. */
  Bursts(Transfer transfer, Dma dma) {
    runs = new Runs(transfer);
    bytes = transfer.bytes();
    beatShift = Integer.numberOfTrailingZeros(dma.widthBytes());
    burstMask = dma.burstBeats() - 1L;
    run();
  }

  private void run() {
    beat = runs.memory() >> beatShift;
    last = runs.memory() + bytes - 1 >> beatShift;
  }

  /** Beats of the next burst. */
  int beats() {
    return (int) (Math.min(last, beat | burstMask) - beat) + 1;
  }

  /** Goes on to the burst after it, if there is one. */
  boolean next() {
    beat = (beat | burstMask) + 1;
    if (beat <= last) {
      return true;
    }
    boolean more = runs.next();
    if (more) {
      run();
    }
    return more;
  }
}
