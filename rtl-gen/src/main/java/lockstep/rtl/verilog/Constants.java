// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.verilog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import lockstep.isa.Format;

/**
 * What the names in a family's module templates stand for: numbers, the formats of its
 * instructions, and the word that the names of its modules begin with, so that machines of two
 * families can be parts of one design. A family has its own table, filled from a spec; constants
 * have the names they have in the Verilog.
 */
public abstract class Constants {
  private final String family;
  private final Function<String, Format> formats;
  private final Map<String, Long> constants = new LinkedHashMap<>();

  /**
   * An empty table.
   *
   * @param family an identifier of Verilog
   * @param formats by name; throws {@link IllegalArgumentException} where there is none
   */
  protected Constants(String family, Function<String, Format> formats) {
    this.family = family;
    this.formats = formats;
  }

  /** The word that the names of the family's modules begin with. */
  public final String family() {
    return family;
  }

  /** Adds a constant; modules declare those they use in the order in which they were added. */
  public final void constant(String name, long value) {
    constants.put(name, value);
  }

  /** Constants by name, in their order. */
  public final Map<String, Long> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /**
   * A constant's value.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public final long value(String constant) {
    Long value = constants.get(constant);
    if (value == null) {
      throw new IllegalArgumentException("no constant " + constant);
    }
    return value;
  }

  final Format format(String name) {
    return formats.apply(name);
  }

  /** Bits that hold {@code largest}, at least 1. */
  public static int bits(int largest) {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(largest));
  }
}
