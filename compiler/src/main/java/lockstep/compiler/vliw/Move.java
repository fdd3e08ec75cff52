// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;

/**
 * Elements that are moved, and where the pointers stand for it.
 *
 * @param what the same for moves that differ only in their places
 * @param at words from the beginning of each pointer's room, of the inputs and then of the output;
 *     {@link #UNUSED} for a pointer that is not needed
 */
record Move(What what, List<Long> at) {
  static final long UNUSED = Long.MIN_VALUE;

  /** What is moved, all places relative to the pointers. */
  sealed interface What {}

  /**
   * A vector of the output, made of vectors of the inputs.
   *
   * @param windows of which bytes are taken
   * @param codes for each byte the place in its window plus so many vectors as there are windows
   *     before it, {@link #FILLED} or {@link #ANY}
   * @param pieces words that are written
   */
  record Vector(List<Window> windows, List<Integer> codes, int pieces) implements What {
    /** The byte has the code of what comes from nowhere. */
    static final int FILLED = -1;

    /** Nobody reads the byte. */
    static final int ANY = -2;
  }

  /**
   * A vector of an input.
   *
   * @param words from its pointer
   */
  record Window(int input, long words) {}

  /**
   * The same again and again.
   *
   * @param body of a round
   * @param step words that each pointer moves from round to round
   */
  record Loop(List<Move> body, int count, List<Long> step) implements What {}

  boolean uses(int pointer) {
    return at.get(pointer) != UNUSED;
  }
}
