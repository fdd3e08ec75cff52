// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

/** A sliding window: kernel size, strides, dilations and the four pads, in pixels. */
public record Window(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int dilationH,
    int dilationW,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight) {

  /** What the machines count the sides of windows to. */
  public static final int LARGEST_SIDE = 255;

  public static final Window POINT = new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);

  public int outH(int inH) {
    return Math.floorDiv(inH + padTop + padBottom - dilationH * (kernelH - 1) - 1, strideH) + 1;
  }

  public int outW(int inW) {
    return Math.floorDiv(inW + padLeft + padRight - dilationW * (kernelW - 1) - 1, strideW) + 1;
  }
}
