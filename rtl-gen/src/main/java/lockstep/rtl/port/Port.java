// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import lockstep.arch.Dma;
import lockstep.arch.UserError;
import lockstep.rtl.verilog.Constants;

/**
 * What a machine's AXI4 master is written with: addresses of 32 bits, bursts of full width that
 * never cross a multiple of their size.
 */
public final class Port {
  private static final int LONGEST_BURST = 256;

  private Port() {}

  /**
   * Adds the constants of the units at the port.
   *
   * @param machine its name, for the message
   * @throws UserError if the spec asks for what AXI4 does not have
   */
  public static void constants(Constants sizes, Dma dma, String machine) {
    int width = dma.widthBytes();
    int beats = dma.burstBeats();
    int outstanding = dma.outstandingRequests();
    if (beats > LONGEST_BURST) {
      throw new UserError(
          "%s: dma.burst_beats is %d, but an AXI4 burst has at most %d beats; lower it"
              .formatted(machine, beats, LONGEST_BURST));
    }
    sizes.constant("W", width);
    sizes.constant("LW", Integer.numberOfTrailingZeros(width));
    sizes.constant("BEAT_BITS", 32 - Integer.numberOfTrailingZeros(width));
    sizes.constant("BEATS", beats);
    sizes.constant("O", outstanding);
    sizes.constant("O_BITS", Constants.bits(outstanding));
    sizes.constant("O_POINTER_BITS", Constants.bits(outstanding - 1));
    sizes.constant("HELD", outstanding * beats);
    sizes.constant("HELD_BITS", Constants.bits(outstanding * beats));
    sizes.constant("HELD_POINTER_BITS", Constants.bits(outstanding * beats - 1));
    sizes.constant("FIFO", 2 * beats);
    sizes.constant("FIFO_BITS", Constants.bits(2 * beats));
    sizes.constant("FIFO_POINTER_BITS", Constants.bits(2 * beats - 1));
  }
}
