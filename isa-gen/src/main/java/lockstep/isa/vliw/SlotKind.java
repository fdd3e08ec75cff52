// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.Locale;
import lockstep.arch.vliw.VliwArchitecture;

/** What a slot of a bundle does, in the order in which the kinds lie in a bundle. */
public enum SlotKind {
  SCALAR("integers, addresses, loops, patterns of addresses"),
  LOAD("local memory to a vector register"),
  STORE("vector register to local memory"),
  MATRIX("products of codes, summed"),
  VECTOR("lanes of codes or of sums"),
  SPECIAL("functions by table"),
  PERMUTE("order of the codes of a vector"),
  DMA("transfers between local and off-chip memory");

  private final String meaning;

  SlotKind(String meaning) {
    this.meaning = meaning;
  }

  /** The kind's name in text. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String meaning() {
    return meaning;
  }

  /** How many slots of the kind a machine has. */
  public int count(VliwArchitecture a) {
    var slots = a.slots();
    return switch (this) {
      case SCALAR -> slots.scalar().count();
      case LOAD -> slots.load().count();
      case STORE -> slots.store().count();
      case MATRIX -> slots.matrix().count();
      case VECTOR -> slots.vector().count();
      case SPECIAL -> slots.special().count();
      case PERMUTE -> slots.permute().count();
      case DMA -> 1;
    };
  }

  /**
   * Steps from an operation to the first that sees the register it writes; 1 also where it writes
   * an address register.
   */
  public int latency(VliwArchitecture a) {
    var slots = a.slots();
    return switch (this) {
      case SCALAR -> slots.scalar().latency();
      case LOAD -> slots.load().latency();
      case STORE, DMA -> 1;
      case MATRIX -> slots.matrix().latency();
      case VECTOR -> slots.vector().latency();
      case SPECIAL -> slots.special().latency();
      case PERMUTE -> slots.permute().latency();
    };
  }
}
