// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

/**
 * Room in local memory for a part of a tensor, or for constants.
 *
 * @param base byte address
 * @param height lines of a block
 * @param width pixels of a line
 * @param pixelWords words of a pixel
 */
record Region(long base, int height, int width, int pixelWords) {

  /** Words from line to line. */
  int line() {
    return width * pixelWords;
  }

  /** Words from block to block. */
  int plane() {
    return height * line();
  }

  /** Words from the first pixel of the first block to another. */
  long at(int block, int y, int x) {
    return (long) block * plane() + (long) y * line() + (long) x * pixelWords;
  }
}
