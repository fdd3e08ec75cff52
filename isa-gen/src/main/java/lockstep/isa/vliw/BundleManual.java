// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.vliw;

import java.util.List;
import lockstep.isa.BundleStream;
import lockstep.isa.IsaManual;
import lockstep.isa.Symbol;
import lockstep.isa.vliw.BundleSet.Slot;

/** The manual of a bundle's slots and their operations in Markdown. */
public final class BundleManual {
  private BundleManual() {}

  public static String of(BundleSet isa, List<Symbol> parameters, List<Symbol> counters) {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Instruction set of `%s`

        A bundle has %d bytes, little-endian: bit *i* of it is bit *i* mod 8 of byte *i* / 8. Each slot has 8 of
        them, with the operation's opcode in the lowest bits; bits that no field holds are 0, and a slot of zeros does
        nothing. Signed fields are two's complement. What the operations do, to the cycle, is in the contract.

        In memory a program is a stream of 32-bit words. Of each bundle it holds a header of %d words and those of
        the bundle's words that are not 0: bit *k* of the header is 1 if word *k* follows, the lowest
        first. Zeros fill a bundle up to a multiple of %d bytes.

        | bytes | slot | |
        |---|---|---|
        """
            .formatted(
                isa.name(),
                isa.bytes(),
                BundleStream.headerWords(isa.bytes()),
                BundleStream.ENTRY_BYTES));
    for (Slot slot : isa.slots()) {
      out.append(
          "| %d to %d | `%s` | %s |\n"
              .formatted(
                  slot.offset(),
                  slot.offset() + slot.operations().wordBytes() - 1,
                  slot.name(),
                  slot.kind().meaning()));
    }
    for (Slot slot : isa.slots()) {
      if (slot.index() == 0) {
        out.append("\n# Slots `").append(slot.kind().word()).append("`\n\n");
        IsaManual.operations(out, slot.operations());
      }
    }
    IsaManual.symbols(out, parameters, counters);
    return out.toString();
  }
}
