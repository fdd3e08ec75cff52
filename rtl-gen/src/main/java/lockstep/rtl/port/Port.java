// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import lockstep.arch.UserError;
import lockstep.rtl.verilog.Constants;

/**
 * A machine's AXI4 master: 32-bit addresses, bursts of full width that never cross a multiple of
 * their size.
 *
 * @param widthBytes bytes of a beat, a power of two
 * @param burstBeats beats of the longest burst, a power of two
 * @param outstandingRequests data bursts that may be under way in each direction
 */
public record Port(int widthBytes, int burstBeats, int outstandingRequests) {
  private static final int LONGEST_BURST = 256;

  /**
   * Refuses what AXI4 does not have.
   *
   * @param machine its name, for the message
   * @throws UserError if bursts are too long
   */
  public void require(String machine) {
    if (burstBeats > LONGEST_BURST) {
      throw new UserError(
          "%s: dma.burst_beats is %d, but an AXI4 burst has at most %d beats; lower it"
              .formatted(machine, burstBeats, LONGEST_BURST));
    }
  }

  /** Adds what the units at the port are written with. */
  public void constants(Constants sizes) {
    int held = outstandingRequests * burstBeats;
    int fifo = 2 * burstBeats;
    sizes.constant("W", widthBytes);
    sizes.constant("LW", Integer.numberOfTrailingZeros(widthBytes));
    sizes.constant("BEAT_BITS", 32 - Integer.numberOfTrailingZeros(widthBytes));
    sizes.constant("BEATS", burstBeats);
    sizes.constant("O", outstandingRequests);
    sizes.constant("O_BITS", Constants.bits(outstandingRequests));
    sizes.constant("O_POINTER_BITS", Constants.bits(outstandingRequests - 1));
    sizes.constant("HELD", held);
    sizes.constant("HELD_BITS", Constants.bits(held));
    sizes.constant("HELD_POINTER_BITS", Constants.bits(held - 1));
    sizes.constant("FIFO", fifo);
    sizes.constant("FIFO_BITS", Constants.bits(fifo));
    sizes.constant("FIFO_POINTER_BITS", Constants.bits(fifo - 1));
  }
}
