// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

/**
 * An encoding of real numbers: {@code real = scale x (code - zeroPoint)}, codes from {@code
 * -2^(bits-1)} to {@code 2^(bits-1) - 1}.
 *
 * @param scale positive and finite
 * @param zeroPoint one of the codes
 * @param bits of a code, 2 to 16
 */
public record Encoding(double scale, int zeroPoint, int bits) {
  public Encoding {
    if (!(scale > 0)
        || Double.isInfinite(scale)
        || bits < 2
        || bits > Short.SIZE
        || zeroPoint < -(1 << (bits - 1))
        || zeroPoint >= 1 << (bits - 1)) {
      throw new IllegalArgumentException(
          "invalid encoding " + scale + ", " + zeroPoint + " of " + bits + " bits");
    }
  }

  /** Of int8 codes. */
  public Encoding(double scale, int zeroPoint) {
    this(scale, zeroPoint, Byte.SIZE);
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
  public int quantise(double real) {
    return (int) Math.clamp(Math.rint(real / scale) + zeroPoint, least(), greatest());
  }

  public float dequantise(int code) {
    return (float) (scale * (code - zeroPoint));
  }

  @Override
  public String toString() {
    return scale + " zero " + zeroPoint + (bits == Byte.SIZE ? "" : " bits " + bits);
  }
}
