// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import java.util.Arrays;
import lockstep.compiler.graph.Encoding;
import lockstep.isa.FixedPoint;
import lockstep.isa.InterpolatedTable;

/**
 * Softmax of a row of codes.
 *
 * <pre>
 * m   = max q[i]                                                       8 bits
 * e[i]= E[m - q[i]],  E[d] = round(2^24 exp(-scale d)), d = 0 .. 255   table 256 x 25 bits
 * S   = sum e[i]                                                       37 bits for 4096 codes
 * p   = position of S's leading 1, from 24                             6 bits
 * r   = R(the 24 bits of S behind the leading 1)                       18 bits, {@link InterpolatedTable#RECIPROCAL}
 * v[i]= rne(e[i] x r, p - 7)      = 2^24 softmax                       product 42 bits, result 25
 * y[i]= clamp(rne(v[i] x multiplier, shift) + zeroPoint)               product 49 bits
 * </pre>
 *
 * <p>{@code multiplier x 2^-shift} is {@code 2^-24 / outputScale}, as {@link FixedPoint#scale} has
 * it; {@code rne} rounds half to even. The zero point of the input cancels. At most one output step
 * from the real function.
 */
public final class IntegerSoftmax {
  /** The longest row. */
  public static final int LONGEST = 4096;

  /** The least scale of an output: at a finer one the sum's own rounding would be seen. */
  public static final double FINEST_OUTPUT = 0x1p-10;

  private static final int POINT = 24;
  private static final int CODES = 256;
  private static final int INDEX_BITS = 8;

  private final int[] exponentials = new int[CODES];
  private final FixedPoint.Scale scale;
  private final int zeroPoint;

  /**
   * @param inputScale positive
   * @param output its scale at least {@link #FINEST_OUTPUT}
   */
  public IntegerSoftmax(double inputScale, Encoding output) {
    if (!(inputScale > 0) || output.scale() < FINEST_OUTPUT) {
      throw new IllegalArgumentException("softmax from scale " + inputScale + " to " + output);
    }
    Arrays.setAll(exponentials, d -> (int) Math.rint(Math.scalb(Math.exp(-inputScale * d), POINT)));
    this.scale = FixedPoint.scale(Math.scalb(1 / output.scale(), -POINT));
    this.zeroPoint = output.zeroPoint();
  }

  /**
   * @param row 1 to {@link #LONGEST} codes
   */
  public byte[] apply(byte[] row) {
    if (row.length == 0 || row.length > LONGEST) {
      throw new IllegalArgumentException("softmax of " + row.length + " codes");
    }
    int most = Byte.MIN_VALUE;
    for (byte code : row) {
      most = Math.max(most, code);
    }
    long sum = 0;
    for (byte code : row) {
      sum += exponentials[most - code];
    }
    int position = 63 - Long.numberOfLeadingZeros(sum);
    int behind = (int) (sum >> (position - POINT)) & ((1 << POINT) - 1);
    int reciprocal =
        InterpolatedTable.RECIPROCAL.at(
            behind >> (POINT - INDEX_BITS), behind & ((1 << (POINT - INDEX_BITS)) - 1));
    byte[] result = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      long product = (long) exponentials[most - row[i]] * reciprocal;
      int value = (int) FixedPoint.roundingShiftRight(product, position + 17 - POINT);
      int code = FixedPoint.requantise(value, scale.multiplier(), scale.shift());
      result[i] = (byte) Math.clamp((long) code + zeroPoint, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return result;
  }

  /** The table E. */
  public int[] exponentials() {
    return exponentials.clone();
  }
}
