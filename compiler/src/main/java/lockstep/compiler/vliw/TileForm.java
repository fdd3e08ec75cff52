// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;

/**
 * How tensors lie for a machine, in memory and in local memory: blocks of channels, of each block
 * all pixels, of each pixel the block's channels next to each other. So a word of local memory is
 * never of two pixels, and rows of the left operand of the matrix unit are words in a row.
 *
 * @param machine whose operands are whole words
 * @param block channels of a block: rows of the left and of the right operand divide it
 */
record TileForm(VliwArchitecture machine, int block) {

  /**
   * The form of a machine.
   *
   * @throws UserError if its words are too wide for its operands
   */
  static TileForm of(VliwArchitecture machine) {
    int depth = machine.slots().matrix().depth();
    int cols = machine.slots().matrix().cols();
    int block = depth / gcd(depth, cols) * cols;
    int word = machine.localMemory().widthBytes();
    int vector = machine.registers().vector().widthBytes();
    for (int row : new int[] {depth, cols, block}) {
      if (row % word != 0 || (row % vector != 0 && vector % row != 0)) {
        throw new UserError(
            "%s: a row of %d codes of the matrix unit's operands is no whole number of words of %d bytes that divides or fills vectors of %d; change slots.matrix.depth, slots.matrix.cols or local_memory.width_bytes"
                .formatted(machine.name(), row, word, vector));
      }
    }
    return new TileForm(machine, block);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Bytes of a word of local memory. */
  int word() {
    return machine.localMemory().widthBytes();
  }

  /** Words of a vector. */
  int pieces() {
    return machine.pieces();
  }

  /** Bytes of a vector. */
  int vector() {
    return machine.registers().vector().widthBytes();
  }

  /** Pixels of the left operand. */
  int rows() {
    return machine.slots().matrix().rows();
  }

  /** Output channels of the right operand. */
  int cols() {
    return machine.slots().matrix().cols();
  }

  /** Input channels of both. */
  int depth() {
    return machine.slots().matrix().depth();
  }

  /** Words of a pixel of a block. */
  int blockWords() {
    return block / word();
  }

  /** Words of a row of the left operand. */
  int depthWords() {
    return depth() / word();
  }

  /** Words of a row of the right operand, and of the results. */
  int colWords() {
    return cols() / word();
  }

  /** Right operands side by side in a block. */
  int tilesPerBlock() {
    return block / cols();
  }

  /** Left operands behind each other in a block. */
  int depthsPerBlock() {
    return block / depth();
  }

  /** Blocks of so many channels. */
  int blocks(int channels) {
    return Math.ceilDiv(channels, block);
  }
}
