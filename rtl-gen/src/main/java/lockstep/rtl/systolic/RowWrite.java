// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * Places a piece of at most {@code W} bytes, already rotated to its lanes, in a wider or narrower
 * row: the row's data and write mask.
 */
final class RowWrite {
  private RowWrite() {}

  /** Declares {@code write_data} and {@code write_mask} for rows of {@code row} bytes. */
  static String text(int width, int rowBytes, String row) {
    int copies = Math.ceilDiv(rowBytes, width);
    return """
      wire [8*W*%1$d-1:0] copies = {%1$d{write_lanes}};
      wire [8*%2$s-1:0] write_data = copies[8*%2$s-1:0];
      wire [W*%1$d-1:0] wide_mask = ((W*%1$d)'(1) << write_bytes) - (W*%1$d)'(1);
      wire [W*%1$d-1:0] placed_mask = wide_mask << write_position;
      wire [%2$s-1:0] write_mask = placed_mask[%2$s-1:0];
      wire unused_copies = &{1'b0, copies, placed_mask};
    """
        .formatted(copies, row);
  }
}
