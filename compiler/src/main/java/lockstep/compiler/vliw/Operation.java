// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.List;
import java.util.Map;
import lockstep.isa.vliw.SlotKind;

/**
 * An operation over virtual registers.
 *
 * @param slot kind of the slot it takes
 * @param fields values of its other fields; those not named are 0
 * @param accesses registers that it reads and writes
 * @param banks of local memory that it reads or writes, one for each word, where they are the same
 *     in every round; else none, and the machine may stand still for it
 */
public record Operation(
    SlotKind slot,
    String mnemonic,
    Map<String, Long> fields,
    List<Access> accesses,
    List<Integer> banks) {
  public Operation {
    fields = Map.copyOf(fields);
    accesses = List.copyOf(accesses);
    banks = List.copyOf(banks);
  }

  /** An operation whose banks are not known, or that has none. */
  public Operation(
      SlotKind slot, String mnemonic, Map<String, Long> fields, List<Access> accesses) {
    this(slot, mnemonic, fields, accesses, List.of());
  }

  /** Writes a number to a scalar register of the file. */
  static Operation number(long register, long value) {
    return new Operation(SlotKind.SCALAR, "li", Map.of("to", register, "value", value), List.of());
  }

  /** Adds a number, modulo 2^32, to a scalar register of the file. */
  static Operation moved(long register, long value) {
    return new Operation(
        SlotKind.SCALAR,
        "addi",
        Map.of("to", register, "a", register, "value", (long) (int) value),
        List.of());
  }

  /** What an operation does to a register. */
  public enum Use {
    /** Reads it in its own step. */
    READ(true, false),
    /** Writes it whole. */
    WRITE(false, true),
    /** Writes a part of it that no other operation of the round writes. */
    PART(false, true),
    /** Adds to it when the result arrives. */
    ADD(false, true),
    /** Reads it in its own step and writes it one step later. */
    STEP(true, true);

    private final boolean reads;
    private final boolean writes;

    Use(boolean reads, boolean writes) {
      this.reads = reads;
      this.writes = writes;
    }

    public boolean reads() {
      return reads;
    }

    public boolean writes() {
      return writes;
    }
  }

  /**
   * A field that names a register.
   *
   * @param field the operation's
   * @param register virtual
   * @param offset of the register named, in those of {@code register}
   * @param count registers of the file that are read or written there
   */
  public record Access(String field, Register register, int offset, int count, Use use) {

    /** All of a register. */
    public static Access of(String field, Register register, Use use) {
      return new Access(field, register, 0, register.size(), use);
    }
  }
}
