// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.Locale;

/**
 * A named number that the instruction-set package carries beside the encoding: a parameter of the
 * machine or the index of a performance counter.
 *
 * @param name letters, digits, {@code _} and {@code .}
 */
public record Symbol(String name, long value, String meaning) {

  /** The name as C and Verilog write constants: upper case, other characters as {@code _}. */
  public String constant() {
    return constant(name);
  }

  /** {@code name} as C and Verilog write constants. */
  public static String constant(String name) {
    return identifier(name).toUpperCase(Locale.ROOT);
  }

  /** {@code name} as an identifier of C and Verilog: letters, digits and {@code _}. */
  public static String identifier(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_]", "_");
    return safe.isEmpty() || Character.isDigit(safe.charAt(0)) ? "m" + safe : safe;
  }
}
