// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import lockstep.isa.FixedPoint;

/** How wide the sums of a layer are. */
public enum Accumulator {
  /** Where no code of weights, operands, residual and result has more than 8 bits. */
  NARROW(FixedPoint.ACCUMULATOR_BITS),
  /** Where some have up to 16. */
  WIDE(FixedPoint.WIDE_ACCUMULATOR_BITS);

  private final int bits;

  Accumulator(int bits) {
    this.bits = bits;
  }

  /** Of codes with so many bits at most. */
  public static Accumulator of(int widestCode) {
    return widestCode <= Byte.SIZE ? NARROW : WIDE;
  }

  /** Of a convolution. */
  public static Accumulator of(Layer.Convolution layer) {
    return of(Math.max(layer.weights().bits(), widest(layer)));
  }

  /** Of a product. */
  public static Accumulator of(Layer.MatrixProduct layer) {
    return of(widest(layer));
  }

  private static int widest(Layer layer) {
    return layer.inputs().stream().mapToInt(Tensor::bits).reduce(layer.output().bits(), Math::max);
  }

  public int bits() {
    return bits;
  }

  public long least() {
    return -1L << (bits - 1);
  }

  public long greatest() {
    return ~least();
  }
}
