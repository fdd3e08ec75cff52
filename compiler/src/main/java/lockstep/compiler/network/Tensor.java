// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * An activation of codes: {@code real = scale x (code - zeroPoint)}, or raw numbers that the caller
 * or the host writes and the host reads; vector lanes take their bytes as codes.
 *
 * <p>Shape is batch, channels, height, width. A matrix of M rows and K columns (the left operand of
 * a Gemm) is {@code n=1, c=K, h=1, w=M}: its rows are pixels, its columns are channels. Raw numbers
 * are {@code n=1, c=1, h=1} and as wide as they have bytes.
 *
 * @param name unique in its network
 * @param bits of a code, 2 to 16: codes are from {@code -2^(bits-1)} to {@code 2^(bits-1) - 1},
 *     each in a byte of its own, or beyond 8 bits in two, little-endian
 * @param raw what the bytes are where they are no codes, else null
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

  /** How its codes stand for numbers. */
  public Encoding encoding() {
    return new Encoding(scale, zeroPoint, bits);
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
  public int encode(double real) {
    return (int) Math.clamp(Math.rint(real / scale) + zeroPoint, least(), greatest());
  }

  /** What a code stands for. */
  public float decode(int code) {
    return (float) (scale * (code - zeroPoint));
  }

  /** Raw numbers. */
  public static Tensor raw(String name, ElementType element, long elements, long below) {
    int bytes = Math.toIntExact(elements * element.bytes());
    return new Tensor(name, 1, 1, 1, bytes, 1, 0, Byte.SIZE, new Raw(element, below));
  }

  /** How many codes it has. */
  public long elements() {
    return (long) n * c * h * w;
  }

  /** Bytes of a code. */
  public int codeBytes() {
    return bits <= Byte.SIZE ? Byte.BYTES : Short.BYTES;
  }

  public long bytes() {
    return elements() * codeBytes();
  }

  /** Code {@code index} of the tensor's bytes. */
  public int code(byte[] bytes, int index) {
    return bits <= Byte.SIZE
        ? bytes[index]
        : bytes[2 * index + 1] << Byte.SIZE | Byte.toUnsignedInt(bytes[2 * index]);
  }

  /** Writes code {@code index} into the tensor's bytes. */
  public void put(byte[] bytes, int index, int code) {
    if (bits <= Byte.SIZE) {
      bytes[index] = (byte) code;
    } else {
      bytes[2 * index] = (byte) code;
      bytes[2 * index + 1] = (byte) (code >> Byte.SIZE);
    }
  }

  /** What the codes of the tensor's bytes stand for. */
  public float[] reals(byte[] bytes) {
    float[] reals = new float[bytes.length / codeBytes()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = decode(code(bytes, i));
    }
    return reals;
  }

  /** The bytes of the nearest codes. */
  public byte[] encoded(float[] reals) {
    byte[] bytes = new byte[reals.length * codeBytes()];
    for (int i = 0; i < reals.length; i++) {
      put(bytes, i, encode(reals[i]));
    }
    return bytes;
  }
}
