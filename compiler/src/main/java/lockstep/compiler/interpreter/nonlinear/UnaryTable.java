// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import java.util.function.DoubleUnaryOperator;
import lockstep.compiler.graph.Encoding;

/**
 * A function from code to code: 256 entries of 8 bits, addressed by the input's code with its sign
 * bit inverted. Each entry is the nearest code of the function's value, half to even, saturating:
 * at most half an output step off, wherever the function is and however steep.
 */
public final class UnaryTable {
  private static final int CODES = 256;

  private final byte[] entries = new byte[CODES];

  private UnaryTable() {}

  /** The table of a function between two encodings. */
  public static UnaryTable of(UnaryFunction function, Encoding input, Encoding output) {
    return of(function::of, input, output);
  }

  /**
   * @param function gives no NaN
   */
  public static UnaryTable of(DoubleUnaryOperator function, Encoding input, Encoding output) {
    UnaryTable table = new UnaryTable();
    for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++) {
      double real = function.applyAsDouble(input.scale() * (code - input.zeroPoint()));
      double exact = Math.rint(real / output.scale()) + output.zeroPoint();
      table.entries[code - Byte.MIN_VALUE] =
          (byte) Math.clamp(exact, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    return table;
  }

  public byte apply(byte code) {
    return entries[code - Byte.MIN_VALUE];
  }

  /** The entries from code -128 to code 127. */
  public byte[] entries() {
    return entries.clone();
  }
}
