// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How rows of codes lie in vectors. A block of a pixel is {@code group()} quarters of a vector; a
 * vector has as many blocks as it has room for.
 *
 * <pre>
 * along a line         a vector has pixels of a block: quarter q is of the rows of slot q mod group
 * across channels      a vector has blocks of a pixel: all its quarters are of one row
 * </pre>
 *
 * @param across whether a row is the channels of a pixel, not the pixels of a channel's line
 * @param length codes of a row
 */
record RowForm(TileForm form, boolean across, int length) {
  private static final int QUARTERS = 4;

  /**
   * A quarter of a vector with codes of a row.
   *
   * @param slot of the lanes of statistics that it belongs to
   * @param place quarters of the row before it in the same round
   * @param partial whether its last lanes are not of the row
   */
  record Quarter(int number, int slot, int place, boolean partial) {}

  /** A vector of codes, and which of its quarters count. */
  record Codes(Register register, List<Quarter> quarters) {}

  /** Why rows cannot lie so on a machine; null if they can. */
  static @Nullable String unfit(TileForm form) {
    int vector = form.vector();
    if (Integer.bitCount(vector) != 1) {
      return "rows need vectors of a power of two bytes";
    }
    return form.block() % lanes(form) != 0 || vector % form.block() != 0
        ? "rows need blocks of channels that are one, two or four quarters of a vector"
        : null;
  }

  private static int lanes(TileForm form) {
    return form.vector() / QUARTERS;
  }

  int lanes() {
    return lanes(form);
  }

  /** Quarters of a block. */
  int group() {
    return form.block() / lanes();
  }

  /** Vectors of lanes that a statistic of the rows of a vector has. */
  int slots() {
    return across ? 1 : group();
  }

  /** Blocks of a vector. */
  int blocks() {
    return form.vector() / form.block();
  }

  /** Codes of each row in a vector. */
  private int step() {
    return across ? form.vector() : blocks();
  }

  /** Whole vectors of a row. */
  int rounds() {
    return length / step();
  }

  private int rest() {
    return length % step();
  }

  /** Blocks behind the whole vectors. */
  int lastBlocks() {
    return across ? Math.ceilDiv(rest(), form.block()) : rest();
  }

  /** Lanes of the last quarter that are of the row; 0 if all are. */
  int lastLanes() {
    return across ? length % lanes() : 0;
  }

  /** Codes of the last block that are of the row; 0 if all are. */
  int lastCodes() {
    return across ? length % form.block() : 0;
  }

  /** The quarters of a whole vector. */
  List<Quarter> quarters() {
    return IntStream.range(0, QUARTERS)
        .mapToObj(q -> new Quarter(q, q % slots(), q, false))
        .toList();
  }

  /** The quarters of a block behind the whole vectors, which begins its vector. */
  List<Quarter> lastQuarters(int block) {
    int all = across ? Math.ceilDiv(rest(), lanes()) : rest() * group();
    List<Quarter> quarters = new ArrayList<>();
    for (int q = 0; q < group(); q++) {
      int place = block * group() + q;
      if (place < all) {
        boolean partial = lastLanes() > 0 && place == all - 1;
        quarters.add(new Quarter(q, q % slots(), place, partial));
      }
    }
    return quarters;
  }

  /** Quarters of a row. */
  int places() {
    return across ? Math.ceilDiv(length, lanes()) : length * group();
  }

  /** Place in the row of a lane of a quarter. */
  int element(int place, int lane) {
    return across ? place * lanes() + lane : place / group();
  }
}
