// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

/**
 * An int8 encoding of real numbers: {@code real = scale x (q - zeroPoint)}.
 *
 * @param scale positive and finite
 * @param zeroPoint from -128 to 127
 */
public record Quantisation(double scale, int zeroPoint) {
  public Quantisation {
    if (!(scale > 0) || Double.isInfinite(scale) || zeroPoint < -128 || zeroPoint > 127) {
      throw new IllegalArgumentException("invalid quantisation " + scale + ", " + zeroPoint);
    }
  }

  /** The nearest code of a real number, half to even, saturating. */
  public byte quantise(double real) {
    return (byte) Math.clamp(Math.rint(real / scale) + zeroPoint, -128, 127);
  }

  public float dequantise(byte code) {
    return (float) (scale * (code - zeroPoint));
  }

  @Override
  public String toString() {
    return scale + " zero " + zeroPoint;
  }
}
