// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.function.IntUnaryOperator;
import lockstep.compiler.program.Placement;

/** What a tile reads. */
sealed interface Operand {

  /**
   * Pixels of tensors whose blocks of channels lie behind each other.
   *
   * @param parts the tensors, of the same height and width
   * @param fill code of pixels outside
   * @param firstBlock first block that is needed for a block of the output
   * @param endBlock first block behind those needed for a block of the output
   * @param whole all pixels, whatever the tile
   * @param lastLines pixels behind the last that are filled, too
   */
  record Pixels(
      List<Placement> parts,
      Halo halo,
      int fill,
      IntUnaryOperator firstBlock,
      IntUnaryOperator endBlock,
      boolean whole,
      int lastLines)
      implements Operand {

    /** The pixels of a halo, of all blocks. */
    static Pixels all(List<Placement> parts, Halo halo, int fill) {
      int blocks = parts.stream().mapToInt(Placement::blocks).sum();
      return new Pixels(parts, halo, fill, _ -> 0, _ -> blocks, false, 0);
    }

    /** The output's own pixels and blocks. */
    static Pixels same(Placement tensor, Halo halo, int fill) {
      return new Pixels(List.of(tensor), halo, fill, b -> b, b -> b + 1, false, 0);
    }

    /** Whether all blocks of the output need the same. */
    boolean shared() {
      return firstBlock.applyAsInt(0) == firstBlock.applyAsInt(1);
    }

    int blocks(Tile tile) {
      return endBlock.applyAsInt(tile.firstBlock() + tile.blocks() - 1)
          - firstBlock.applyAsInt(tile.firstBlock());
    }
  }

  /**
   * Bytes that every tile needs.
   *
   * @param root the allocation whose writing has to be over; empty for constants
   * @param address in memory
   */
  record Whole(String root, long address, long bytes) implements Operand {}

  /**
   * Constants, those of a block of the output behind those of the block before.
   *
   * @param address in memory
   * @param ends bytes up to the end of each block
   */
  record Constants(long address, long[] ends) implements Operand {
    long from(int block) {
      return block == 0 ? 0 : ends[block - 1];
    }

    long bytes(Tile tile) {
      return ends[tile.firstBlock() + tile.blocks() - 1] - from(tile.firstBlock());
    }
  }
}
