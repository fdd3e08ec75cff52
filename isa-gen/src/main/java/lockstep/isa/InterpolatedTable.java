// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * 256 straight pieces between 257 entries of 18 bits (unsigned, fixed point with 17 bits behind the
 * point). With an index of 8 bits and a fraction of {@value #FRACTION_BITS}:
 *
 * <pre>
 * difference = entry[index + 1] - entry[index]                        signed, 18 bits
 * y = entry[index] + ((difference x fraction + 2^15) &gt;&gt; 16)          18 bits; product 34 bits
 * </pre>
 */
public final class InterpolatedTable {
  /** Pieces. */
  public static final int PIECES = 256;

  /** Bits of the place within a piece. */
  public static final int FRACTION_BITS = 16;

  /** Bits of an entry behind the point. */
  public static final int POINT = 17;

  /** {@code 1 / (1 + index / 256)}: the reciprocal of a mantissa in [1, 2). */
  public static final InterpolatedTable RECIPROCAL =
      new InterpolatedTable(i -> 1 / (1 + i / 256.0));

  /**
   * {@code 1 / sqrt(m)} of a mantissa in [1, 4): pieces 0 to 127 are [1, 2), pieces 128 to 255 are
   * [2, 4).
   */
  public static final InterpolatedTable RECIPROCAL_SQRT =
      new InterpolatedTable(i -> 1 / Math.sqrt(i < 128 ? 1 + i / 128.0 : 2 + (i - 128) / 64.0));

  private final int[] entries = new int[PIECES + 1];

  private InterpolatedTable(IntToDoubleFunction at) {
    Arrays.setAll(entries, i -> (int) Math.rint(Math.scalb(at.applyAsDouble(i), POINT)));
  }

  /** The value at {@code index + fraction / 2^16}. */
  public int at(int index, int fraction) {
    long difference = entries[index + 1] - entries[index];
    long rounded = (difference * fraction + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS;
    return entries[index] + (int) rounded;
  }

  /** The entries, in order. */
  public int[] entries() {
    return entries.clone();
  }
}
