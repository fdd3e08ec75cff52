// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

/**
 * An int8 activation: {@code real = scale x (value - zeroPoint)}.
 *
 * <p>Shape is batch, channels, height, width. A matrix of M rows and K columns (the left operand of
 * a Gemm) is {@code n=1, c=K, h=1, w=M}: its rows are pixels, its columns are channels.
 *
 * @param name unique in its network
 */
public record Tensor(String name, int n, int c, int h, int w, double scale, int zeroPoint) {
  public long bytes() {
    return (long) n * c * h * w;
  }
}
