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

  /** Lines of an input of {@code height} lines that some of so many lines of results read. */
  public int linesRead(int results, int height) {
    return read(results, strideH, kernelH, dilationH, padTop, height);
  }

  /** Columns of an input of {@code width} columns that some of so many columns of results read. */
  public int columnsRead(int results, int width) {
    return read(results, strideW, kernelW, dilationW, padLeft, width);
  }

  private static int read(int results, int stride, int kernel, int dilation, int pad, int size) {
    boolean[] read = new boolean[size];
    for (int result = 0; result < results; result++) {
      for (int tap = 0; tap < kernel; tap++) {
        int at = result * stride - pad + tap * dilation;
        if (at >= 0 && at < size) {
          read[at] = true;
        }
      }
    }
    int count = 0;
    for (boolean each : read) {
      count += each ? 1 : 0;
    }
    return count;
  }
}
