// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import lockstep.arch.Mistakes;
import lockstep.arch.PortConditions;

/** The conditions between the values of a systolic machine, beyond each value's own range. */
final class SystolicConditions {
  /** Addresses of on-chip rows have at most 20 bits. */
  private static final long MAX_ROWS = 1 << 20;

  private SystolicConditions() {}

  static void check(SystolicArchitecture machine, Mistakes mistakes) {
    var array = machine.array();
    var scratchpad = machine.scratchpad();
    var accumulator = machine.accumulator();

    int side = Math.max(array.rows(), array.cols());
    if (scratchpad.widthBytes() < side) {
      mistakes.at(
          "/scratchpad/width_bytes",
          "a scratchpad row of %d bytes cannot feed an array of %d rows and %d columns; write at least %d"
              .formatted(scratchpad.widthBytes(), array.rows(), array.cols(), side));
    }
    if (accumulator.widthBytes() < 4 * array.cols()) {
      mistakes.at(
          "/accumulator/width_bytes",
          "an accumulator row of %d bytes cannot hold %d int32 sums; write at least %d"
              .formatted(accumulator.widthBytes(), array.cols(), 4 * array.cols()));
    }
    capacity(
        "scratchpad",
        scratchpad.capacityBytes(),
        scratchpad.banks(),
        scratchpad.widthBytes(),
        2,
        mistakes);
    capacity(
        "accumulator",
        accumulator.capacityBytes(),
        accumulator.banks(),
        accumulator.widthBytes(),
        1,
        mistakes);
    PortConditions.check(machine.dma(), mistakes);
  }

  private static void capacity(
      String memory, long bytes, int banks, int width, int leastRows, Mistakes mistakes) {
    long least = (long) leastRows * banks * width;
    if (bytes < least) {
      mistakes.at(
          "/" + memory + "/capacity_bytes",
          "%d bytes in %d banks of %d-byte rows leave fewer than %d rows a bank; write at least %d"
              .formatted(bytes, banks, width, leastRows, least));
    }
    long rows = bytes / banks / width * banks;
    if (rows > MAX_ROWS) {
      mistakes.at(
          "/" + memory + "/capacity_bytes",
          "%d rows of %d bytes are more than the %d that an address can name; write at most %d"
              .formatted(rows, width, MAX_ROWS, MAX_ROWS * width));
    }
  }
}
