// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

/**
 * The machine's AXI4 port to off-chip memory.
 *
 * @param widthBytes data width in bytes, a power of two from 4 to 128
 * @param outstandingRequests bursts in flight, for reads and for writes each
 * @param burstBeats longest burst in beats, a power of two; {@code burstBeats x widthBytes} is at
 *     most 4096
 */
public record Dma(int widthBytes, int outstandingRequests, int burstBeats) {
  /** Bytes of the longest burst. */
  public int burstBytes() {
    return widthBytes * burstBeats;
  }
}
