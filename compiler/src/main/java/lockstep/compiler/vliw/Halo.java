// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import lockstep.compiler.network.Window;

/**
 * Which pixels of an input a tile of the output needs.
 *
 * @param extentH lines that one output line needs
 * @param extentW columns that one output column needs
 * @param padTop lines before the first
 * @param padLeft columns before the first
 */
record Halo(int strideH, int strideW, int extentH, int extentW, int padTop, int padLeft) {
  /** Pixel for pixel. */
  static final Halo SAME = new Halo(1, 1, 1, 1, 0, 0);

  static Halo of(Window w) {
    return new Halo(
        w.strideH(),
        w.strideW(),
        (w.kernelH() - 1) * w.dilationH() + 1,
        (w.kernelW() - 1) * w.dilationW() + 1,
        w.padTop(),
        w.padLeft());
  }

  /** Lines of the input for so many of the output. */
  int lines(int outputs) {
    return (outputs - 1) * strideH + extentH;
  }

  /** Columns of the input for so many of the output. */
  int columns(int outputs) {
    return (outputs - 1) * strideW + extentW;
  }
}
