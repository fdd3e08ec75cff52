// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Window;

/**
 * The input pixels that a rectangle of convolution results reads, as scratchpad rows of one
 * reduction tile. A 1x1 kernel keeps only the pixels it needs; patches keep one row for each
 * result.
 *
 * @param y input line of the first row, may be in the padding
 * @param x input column of the first row
 * @param h lines kept
 * @param w columns kept
 * @param lineStep input lines from kept line to kept line
 * @param pixelStep input columns from kept column to kept column
 * @param resultStrideY kept lines from result line to result line
 * @param resultStrideX kept columns from result to result
 */
record InputPlane(
    int y, int x, int h, int w, int lineStep, int pixelStep, int resultStrideY, int resultStrideX) {

  int rows() {
    return h * w;
  }

  static InputPlane of(Contraction c, boolean patches, int convY, int convX, int convH, int convW) {
    Window k = c.window();
    int y = convY * k.strideH() - k.padTop();
    int x = convX * k.strideW() - k.padLeft();
    if (patches || (k.kernelH() == 1 && k.kernelW() == 1)) {
      return new InputPlane(y, x, convH, convW, k.strideH(), k.strideW(), 1, 1);
    }
    int h = (convH - 1) * k.strideH() + (k.kernelH() - 1) * k.dilationH() + 1;
    int w = (convW - 1) * k.strideW() + (k.kernelW() - 1) * k.dilationW() + 1;
    return new InputPlane(y, x, h, w, 1, 1, k.strideH(), k.strideW());
  }
}
