// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import lockstep.compiler.graph.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * An int8 activation: {@code real = scale x (value - zeroPoint)}, or raw numbers that only the host
 * reads and writes.
 *
 * <p>Shape is batch, channels, height, width. A matrix of M rows and K columns (the left operand of
 * a Gemm) is {@code n=1, c=K, h=1, w=M}: its rows are pixels, its columns are channels. Raw numbers
 * are {@code n=1, c=1, h=1} and as wide as they have bytes.
 *
 * @param name unique in its network
 * @param raw what the bytes are where they are no int8 code, else null
 */
public record Tensor(
    String name, int n, int c, int h, int w, double scale, int zeroPoint, @Nullable Raw raw) {

  /**
   * Numbers for the host, little-endian, each of the element's own size.
   *
   * @param below values drawn for such an input are from 0 to one less
   */
  public record Raw(ElementType element, long below) {}

  public Tensor(String name, int n, int c, int h, int w, double scale, int zeroPoint) {
    this(name, n, c, h, w, scale, zeroPoint, null);
  }

  /** Raw numbers. */
  public static Tensor raw(String name, ElementType element, long elements, long below) {
    int bytes = Math.toIntExact(elements * element.bytes());
    return new Tensor(name, 1, 1, 1, bytes, 1, 0, new Raw(element, below));
  }

  public long bytes() {
    return (long) n * c * h * w;
  }
}
