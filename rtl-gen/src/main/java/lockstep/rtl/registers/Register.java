// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.registers;

import java.util.List;

/**
 * One register of a machine's control port, as Verilog, manual and SystemRDL see it.
 *
 * @param name identifier, lower case
 * @param offset byte offset from the start of the register map
 * @param bits 32, or 64 for two words, the low one first
 * @param fields from bit 0 up, not overlapping
 * @param meaning a phrase without a full stop
 */
public record Register(String name, int offset, int bits, List<Field> fields, String meaning) {
  /** Bytes of a word, the unit of access. */
  public static final int WORD_BYTES = 4;

  /** Checks places and widths. */
  public Register {
    fields = List.copyOf(fields);
    if ((bits != 32 && bits != 64) || offset % (bits / 8) != 0) {
      throw new IllegalArgumentException("register " + name + " has no place at " + offset);
    }
    int next = 0;
    for (Field f : fields) {
      if (f.lsb() < next || f.bits() < 1 || f.lsb() + f.bits() > bits) {
        throw new IllegalArgumentException("field %s.%s lies wrong".formatted(name, f.name()));
      }
      next = f.lsb() + f.bits();
    }
  }

  /** A register that is one field. */
  public static Register whole(
      String name, int offset, int bits, Access access, long reset, String meaning) {
    return new Register(
        name, offset, bits, List.of(new Field("value", 0, bits, access, reset, meaning)), meaning);
  }

  /** What software may do with a field. */
  public enum Access {
    /** Read only; the machine changes it. */
    READ,
    /** Read only; never changes. */
    CONSTANT,
    /** Read and written by software, read by the machine. */
    READ_WRITE,
    /** Writing 1 does something; reads as 0. */
    PULSE
  }

  /**
   * Adjacent bits of a register.
   *
   * @param name identifier, lower case
   * @param lsb lowest bit
   * @param reset value after reset
   */
  public record Field(String name, int lsb, int bits, Access access, long reset, String meaning) {
    /** As manuals write it: {@code 4} or {@code 31:0}. */
    public String place() {
      return bits == 1 ? Integer.toString(lsb) : (lsb + bits - 1) + ":" + lsb;
    }
  }

  /** The field of a name. */
  public Field field(String wanted) {
    return fields.stream()
        .filter(f -> f.name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no field " + name + "." + wanted));
  }
}
