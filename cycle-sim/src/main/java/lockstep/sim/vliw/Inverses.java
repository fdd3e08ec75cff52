// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.arch.vliw.VliwArchitecture.WORD_BYTES;
import static lockstep.isa.InterpolatedTable.FRACTION_BITS;
import static lockstep.isa.InterpolatedTable.RECIPROCAL;
import static lockstep.isa.InterpolatedTable.RECIPROCAL_SQRT;

import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.InterpolatedTable;
import lockstep.sim.vliw.ValueOperation.Inverse;

/**
 * What special slots compute lane by lane, from lanes without a sign: reciprocals and reciprocal
 * square roots, as a mantissa with 17 bits behind the point and a power of two.
 */
final class Inverses {
  private static final int INDEX_BITS = 8;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;

  private final VectorRegisters vectors;
  private final int lanes;

  Inverses(VliwArchitecture machine, VectorRegisters vectors) {
    this.vectors = vectors;
    lanes = machine.lanes();
  }

  void apply(Inverse operation, long arrival) {
    int to = vectors.result(operation.to(), arrival);
    boolean exponent = operation.part() != 0;
    for (int i = 0; i < lanes; i++) {
      long x = Math.max(1, Integer.toUnsignedLong(vectors.lane(operation.from(), 0, i)));
      int position = Long.SIZE - 1 - Long.numberOfLeadingZeros(x);
      int result =
          switch (operation.function()) {
            case RECIPROCAL -> exponent ? position : reciprocal(x, position);
            case ROOT -> exponent ? position / 2 : root(x, position);
          };
      VectorRegisters.INT.set(vectors.results(), to + i * WORD_BYTES, result);
    }
  }

  private static int reciprocal(long x, int position) {
    return entry(RECIPROCAL, 0, behind(x, position, INDEX_BITS + FRACTION_BITS));
  }

  private static int root(long x, int position) {
    int half = position % 2 << INDEX_BITS - 1;
    return entry(RECIPROCAL_SQRT, half, behind(x, position, INDEX_BITS - 1 + FRACTION_BITS));
  }

  private static int entry(InterpolatedTable table, int first, int behind) {
    return table.at(first + (behind >> FRACTION_BITS), behind & FRACTION);
  }

  /** The so many highest bits behind the leading 1 at {@code position}. */
  private static int behind(long x, int position, int bits) {
    long rest = x - (1L << position);
    return (int) (position > bits ? rest >> position - bits : rest << bits - position);
  }
}
