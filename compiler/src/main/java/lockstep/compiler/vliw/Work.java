// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import lockstep.arch.vliw.MappingRule;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/** A layer, or a part of one, that is computed tile by tile in local memory. */
interface Work {

  String name();

  /** What it writes. */
  Placement output();

  /** What its tiles read, in the order of the regions that {@link Plan#compute} gets. */
  List<Operand> operands();

  /**
   * The best ways to compute tiles of at most such a size; there may be none.
   *
   * @param rule says how contractions are unrolled, as far as the user has chosen it
   */
  List<Plan> plans(int height, int width, int blocks, MappingRule rule);

  /** The same with plans that take fewer registers and more steps; null if it has none. */
  default @Nullable Work sparing() {
    return null;
  }

  /** A way to compute tiles. */
  interface Plan {
    /** A rule that also makes the choices of this plan that a user can make. */
    default MappingRule unrolled(MappingRule rule) {
      return rule;
    }

    /** Lines that a tile's room has, for a height. */
    int roomLines(int height);

    /** Columns that a tile's room has, for a width. */
    int roomColumns(int width);

    /** About how many steps a tile takes. */
    long steps(Tile tile);

    /** About how many bundles the code of a tile has. */
    long bundles(Tile tile);

    /** Whether the machine has the registers for it; else the work offers it no more. */
    boolean schedules(List<Region> operands, Region output);

    /** What all tiles need once. */
    Code begin(List<Region> operands, Region output);

    /** Computes a tile. */
    Code compute(Tile tile, List<Region> operands, Region output);

    /** The loops, as reports show them; filled by {@link #compute}. */
    List<Kernel> kernels();
  }
}
