// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import static lockstep.isa.InterpolatedTable.FRACTION_BITS;

import lockstep.isa.FixedPoint;
import lockstep.isa.InterpolatedTable;

/**
 * The operations of 32-bit lanes that functions of rows are made of: those of the VLIW family's
 * units, docs/vliw.md. Additions and products wrap; {@code int} is such a lane.
 */
final class Lanes {
  private static final int INDEX_BITS = 8;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;
  private static final int MULTIPLIER = (1 << FixedPoint.MULTIPLIER_BITS) - 1;
  private static final int SHIFT = (1 << FixedPoint.SHIFT_BITS) - 1;

  private Lanes() {}

  /** {@code saturate32(rne(x multiplier / 2^shift))}; of both factors the low bits count. */
  static int scale(int x, int multiplier, int shift) {
    return FixedPoint.requantise(x, multiplier & MULTIPLIER, shift & SHIFT);
  }

  /** Position of the leading 1 of a lane without a sign; of 0 as of 1. */
  static int position(int x) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(x == 0 ? 1 : x);
  }

  /** {@code 1/x = reciprocal(x) / 2^(17 + position(x))}, at most 1.7e-5 of it off. */
  static int reciprocal(int x) {
    return at(InterpolatedTable.RECIPROCAL, 0, behind(x, INDEX_BITS + FRACTION_BITS));
  }

  /** {@code 1/sqrt(x) = root(x) / 2^(17 + floor(position(x) / 2))}, at most 1.7e-5 of it off. */
  static int root(int x) {
    int half = position(x) % 2 << INDEX_BITS - 1;
    return at(InterpolatedTable.RECIPROCAL_SQRT, half, behind(x, INDEX_BITS - 1 + FRACTION_BITS));
  }

  private static int at(InterpolatedTable table, int first, int behind) {
    return table.at(first + (behind >> FRACTION_BITS), behind & FRACTION);
  }

  /** The so many highest bits behind the leading 1. */
  private static int behind(int x, int bits) {
    int position = position(x);
    long rest = Integer.toUnsignedLong(x == 0 ? 1 : x) - (1L << position);
    return (int) (position > bits ? rest >> position - bits : rest << bits - position);
  }

  /** {@code clamp(x + zero, min, max)}, the sum with 33 bits. */
  static byte narrow(int x, int zero, int min, int max) {
    return (byte) Math.clamp((long) x + zero, min, max);
  }
}
