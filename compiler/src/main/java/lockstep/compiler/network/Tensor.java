// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import lockstep.compiler.graph.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * An activation of int8 codes: {@code real = scale x (value - zeroPoint)}, or raw numbers that only
 * the host reads and writes.
 *
 * <p>Shape is batch, channels, height, width. A matrix of M rows and K columns (the left operand of
 * a Gemm) is {@code n=1, c=K, h=1, w=M}: its rows are pixels, its columns are channels. Raw numbers
 * are {@code n=1, c=1, h=1} and as wide as they have bytes.
 *
 * @param name unique in its network
 * @param bits of a code, 2 to 8: codes are from {@code -2^(bits-1)} to {@code 2^(bits-1) - 1}, each
 *     in a byte of its own
 * @param raw what the bytes are where they are no int8 code, else null
 */
public record Tensor(
    String name,
    int n,
    int c,
    int h,
    int w,
    double scale,
    int zeroPoint,
    int bits,
    @Nullable Raw raw) {

  /**
   * Numbers for the host, little-endian, each of the element's own size.
   *
   * @param below values drawn for such an input are from 0 to one less
   */
  public record Raw(ElementType element, long below) {}

  public Tensor(String name, int n, int c, int h, int w, double scale, int zeroPoint) {
    this(name, n, c, h, w, scale, zeroPoint, Byte.SIZE, null);
  }

  /** Another tensor's encoding, and this one's shape under another name. */
  public Tensor encodedAs(Tensor like, String newName) {
    return new Tensor(newName, n, c, h, w, like.scale, like.zeroPoint, like.bits, null);
  }

  /** Whether equal codes of the two stand for equal numbers. */
  public boolean sameEncoding(Tensor other) {
    return scale == other.scale && zeroPoint == other.zeroPoint && bits == other.bits;
  }

  /** The least code. */
  public int least() {
    return -(1 << (bits - 1));
  }

  /** The greatest code. */
  public int greatest() {
    return (1 << (bits - 1)) - 1;
  }

  /** The nearest code of a real number, half to even, saturating. */
  public byte encode(double real) {
    return (byte) Math.clamp(Math.rint(real / scale) + zeroPoint, least(), greatest());
  }

  /** What a code stands for. */
  public float decode(byte code) {
    return (float) (scale * (code - zeroPoint));
  }

  /** Raw numbers. */
  public static Tensor raw(String name, ElementType element, long elements, long below) {
    int bytes = Math.toIntExact(elements * element.bytes());
    return new Tensor(name, 1, 1, 1, bytes, 1, 0, Byte.SIZE, new Raw(element, below));
  }

  public long bytes() {
    return (long) n * c * h * w;
  }
}
