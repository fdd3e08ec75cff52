// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.List;
import lockstep.isa.InstructionSet;

/**
 * The instruction set of a machine that issues bundles: the slots of a bundle and the operations of
 * each, which are an instruction set of their own. The slots' fields lie one behind the other;
 * opcode 0 is everywhere the operation that does nothing, all of whose bits are 0.
 *
 * @param slots in the order of a bundle
 */
public record BundleSet(String name, List<Slot> slots) {
  /** The opcode of the operation that does nothing. */
  public static final int NOTHING = 0;

  /**
   * @param name unique in its bundle: the kind's word, with a number where there are several
   * @param kind what it does
   * @param index which of its kind
   * @param operations a word of which is the slot's field
   * @param offset of the field's first byte in a bundle
   */
  public record Slot(
      String name, SlotKind kind, int index, InstructionSet operations, int offset) {}

  /** Bytes of a bundle, decompressed; a multiple of 4. */
  public int bytes() {
    Slot last = slots.getLast();
    return last.offset() + last.operations().wordBytes();
  }

  /** The slot of that name. */
  public Slot slot(String slotName) {
    return slots.stream()
        .filter(each -> each.name().equals(slotName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no slot " + slotName));
  }
}
