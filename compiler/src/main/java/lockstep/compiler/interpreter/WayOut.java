// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import lockstep.compiler.network.Accumulator;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/**
 * From accumulators to the codes of a layer's result, as {@link Output} says it.
 *
 * @param residual bytes of {@code out.residual()}, null where there is none
 * @param bytes of the result {@code y}, filled channel by channel
 */
record WayOut(
    Output out, Accumulator accumulator, Tensor y, byte @Nullable [] residual, byte[] bytes) {

  /** The greatest accumulators of the pooling's windows; the same array without pooling. */
  long[] pooled(long[] sums, int height, int width) {
    Window pool = out.pool();
    if (pool == null) {
      return sums;
    }
    int outH = pool.outH(height);
    int outW = pool.outW(width);
    long[] result = new long[outH * outW];
    for (int oy = 0; oy < outH; oy++) {
      for (int ox = 0; ox < outW; ox++) {
        long most = accumulator.least();
        for (int fy = 0; fy < pool.kernelH(); fy++) {
          for (int fx = 0; fx < pool.kernelW(); fx++) {
            int iy = oy * pool.strideH() + fy * pool.dilationH() - pool.padTop();
            int ix = ox * pool.strideW() + fx * pool.dilationW() - pool.padLeft();
            if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
              most = Math.max(most, sums[iy * width + ix]);
            }
          }
        }
        result[oy * outW + ox] = most;
      }
    }
    return result;
  }

  /**
   * Writes the codes of some pixels of a channel.
   *
   * @param first index of the first one in the result
   */
  void write(long[] sums, int channel, long bias, int first) {
    Tensor added = out.residual();
    for (int i = 0; i < sums.length; i++) {
      int code =
          FixedPoint.postProcess(
              accumulator.bits(),
              sums[i],
              bias,
              out.multipliers()[channel],
              out.shifts()[channel],
              added == null || residual == null ? 0 : added.code(residual, first + i),
              added == null ? 0 : added.zeroPoint(),
              out.residualMultiplier(),
              out.leak(),
              out.outShift(),
              y.zeroPoint(),
              out.min(),
              out.max());
      y.put(bytes, first + i, code);
    }
  }
}
