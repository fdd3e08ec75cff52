// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

/** The conditions between the values of the port to off-chip memory. */
public final class PortConditions {
  /** An AXI4 burst does not cross a 4 KiB boundary. */
  private static final int MAX_BURST_BYTES = 4096;

  private PortConditions() {}

  /** Adds what does not hold. */
  public static void check(Dma dma, Mistakes mistakes) {
    if (dma.burstBytes() > MAX_BURST_BYTES) {
      mistakes.at(
          "/dma/burst_beats",
          "%d beats of %d bytes are a burst of %d bytes, but an AXI4 burst has at most %d; write at most %d"
              .formatted(
                  dma.burstBeats(),
                  dma.widthBytes(),
                  dma.burstBytes(),
                  MAX_BURST_BYTES,
                  MAX_BURST_BYTES / dma.widthBytes()));
    }
  }
}
