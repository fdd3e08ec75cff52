// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.Arrays;
import java.util.stream.IntStream;
import lockstep.compiler.network.Accumulator;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/**
 * A convolution in plain integers. Output channels are computed in parallel, which changes nothing
 * in the result.
 *
 * <pre>
 * input, surrounded by its zero point -> sums of channel k (32 or 40 bits, {@link Accumulator})
 *                                     -> {@link WayOut}: pooling, bias, requantisation, residual ...
 * </pre>
 */
final class IntegerConvolution {
  private final Layer.Convolution layer;
  private final int height;
  private final int width;
  private final int paddedWidth;
  private final int paddedPlane;
  private final int perGroup;
  private final int outPerGroup;

  private IntegerConvolution(Layer.Convolution layer) {
    this.layer = layer;
    Tensor x = layer.input();
    Window w = layer.window();
    height = w.outH(x.h());
    width = w.outW(x.w());
    paddedWidth = x.w() + w.padLeft() + w.padRight();
    paddedPlane = (x.h() + w.padTop() + w.padBottom()) * paddedWidth;
    perGroup = x.c() / layer.groups();
    outPerGroup = layer.output().c() / layer.groups();
  }

  static byte[] run(Layer.Convolution layer, byte[] input, byte @Nullable [] residual) {
    IntegerConvolution convolution = new IntegerConvolution(layer);
    int[] padded = convolution.padded(input);
    Accumulator accumulator = Accumulator.of(layer);
    Tensor y = layer.output();
    WayOut out = new WayOut(layer.out(), accumulator, y, residual, new byte[(int) y.bytes()]);
    for (int n = 0; n < y.n(); n++) {
      int batch = n;
      IntStream.range(0, y.c())
          .parallel()
          .forEach(
              k -> {
                long[] sums =
                    switch (accumulator) {
                      case NARROW -> convolution.narrow(padded, batch, k);
                      case WIDE -> convolution.wide(padded, batch, k);
                    };
                out.write(
                    out.pooled(sums, convolution.height, convolution.width),
                    k,
                    layer.bias()[k],
                    (batch * y.c() + k) * y.h() * y.w());
              });
    }
    return out.bytes();
  }

  /** The input's codes, surrounded by its zero point. */
  private int[] padded(byte[] input) {
    Tensor x = layer.input();
    Window w = layer.window();
    int[] padded = new int[x.n() * x.c() * paddedPlane];
    Arrays.fill(padded, x.zeroPoint());
    for (int plane = 0; plane < x.n() * x.c(); plane++) {
      for (int iy = 0; iy < x.h(); iy++) {
        int from = plane * paddedPlane + (iy + w.padTop()) * paddedWidth + w.padLeft();
        for (int ix = 0; ix < x.w(); ix++) {
          padded[from + ix] = x.code(input, (plane * x.h() + iy) * x.w() + ix);
        }
      }
    }
    return padded;
  }

  private interface Tap {
    /**
     * @param weight not 0
     * @param from what it meets for the first pixel of the result
     */
    void at(int weight, int from);
  }

  private void taps(int batch, int k, Tap tap) {
    Window w = layer.window();
    int firstChannel = batch * layer.input().c() + k / outPerGroup * perGroup;
    int next = k * perGroup * w.kernelH() * w.kernelW();
    for (int c = 0; c < perGroup; c++) {
      for (int fy = 0; fy < w.kernelH(); fy++) {
        for (int fx = 0; fx < w.kernelW(); fx++) {
          int weight = layer.weights().get(next++);
          if (weight != 0) {
            tap.at(
                weight,
                (firstChannel + c) * paddedPlane
                    + fy * w.dilationH() * paddedWidth
                    + fx * w.dilationW());
          }
        }
      }
    }
  }

  /** Sums that wrap at 32 bits. */
  private long[] narrow(int[] padded, int batch, int k) {
    int[] sums = new int[height * width];
    int step = layer.window().strideW();
    int line = layer.window().strideH() * paddedWidth;
    taps(
        batch,
        k,
        (weight, from) -> {
          for (int oy = 0; oy < height; oy++) {
            int row = from + oy * line;
            int out = oy * width;
            if (step == 1) {
              for (int ox = 0; ox < width; ox++) {
                sums[out + ox] += weight * padded[row + ox];
              }
            } else {
              for (int ox = 0; ox < width; ox++) {
                sums[out + ox] += weight * padded[row + ox * step];
              }
            }
          }
        });
    return Arrays.stream(sums).asLongStream().toArray();
  }

  /** Sums that wrap at 40 bits. */
  private long[] wide(int[] padded, int batch, int k) {
    long[] sums = new long[height * width];
    int step = layer.window().strideW();
    int line = layer.window().strideH() * paddedWidth;
    taps(
        batch,
        k,
        (weight, from) -> {
          for (int oy = 0; oy < height; oy++) {
            for (int ox = 0; ox < width; ox++) {
              sums[oy * width + ox] += (long) weight * padded[from + oy * line + ox * step];
            }
          }
        });
    Arrays.setAll(sums, i -> FixedPoint.wrap(sums[i], FixedPoint.WIDE_ACCUMULATOR_BITS));
    return sums;
  }
}
