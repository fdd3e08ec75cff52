// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The manual of one instruction set in Markdown: for each instruction its place in 32-bit words and
 * a table of its bit fields.
 */
public final class IsaManual {
  private IsaManual() {}

  public static String of(InstructionSet isa, List<Symbol> parameters, List<Symbol> counters) {
    StringBuilder out = new StringBuilder();
    out.append("# Instruction set of `").append(isa.name()).append("`\n\n");
    out.append(
        """
        An expanded instruction has %d bytes, little-endian: bit *i* of it is bit *i* mod 8 of byte
        *i* / 8. The opcode is in bits %d:0; bits that no field holds are 0. Signed fields are two's
        complement. What the fields do, to the cycle, is in the timing contracts.

        In memory a program is a stream of 32-bit words. Of each instruction it holds word 0, the header, and
        those of the words after it that differ from the same words of the instruction with this opcode before (all
        words are 0 at first): bit %d + *k* of the header is 1 if word *k* + 1 follows, the lowest first.

        """
            .formatted(isa.wordBytes(), isa.opcodeBits() - 1, InstructionStream.MASK_LSB));
    operations(out, isa);
    symbols(out, parameters, counters);
    return out.toString();
  }

  /** Appends a table of the instructions, and of each its fields. */
  public static void operations(StringBuilder out, InstructionSet isa) {
    out.append("| opcode | instruction | bits | |\n|---|---|---|---|\n");
    for (Format f : isa.formats()) {
      int bits = Math.max(isa.opcodeBits(), f.bits());
      row(out, "" + f.opcode(), "`" + f.mnemonic() + "`", bits + "", f.meaning());
    }
    for (Format f : isa.formats()) {
      format(out, isa, f);
    }
  }

  /** Appends tables of the machine's numbers and of its counters, where there are any. */
  public static void symbols(StringBuilder out, List<Symbol> parameters, List<Symbol> counters) {
    symbols(out, "The machine", "parameter", parameters);
    symbols(out, "Counters", "counter", counters);
  }

  private static void format(StringBuilder out, InstructionSet isa, Format format) {
    out.append("\n## `").append(format.mnemonic()).append("`\n\n");
    out.append("Opcode ").append(format.opcode()).append(": ").append(format.meaning());
    out.append(".\n\n");
    if (format.fields().isEmpty()) {
      out.append("It has no fields.\n");
      return;
    }
    out.append("| bits | field | type | from | to | |\n|---|---|---|---|---|---|\n");
    row(out, bits(0, isa.opcodeBits()), "opcode", "u" + isa.opcodeBits(), "", "", "");
    for (Field f : format.fields()) {
      row(
          out,
          bits(f.lsb(), f.bits()),
          "`" + f.name() + "`",
          (f.signed() ? "s" : "u") + f.bits(),
          "" + f.min(),
          "" + f.max(),
          f.meaning());
    }
    out.append("\nAs 32-bit words, highest bit first:\n\n| word | fields |\n|---|---|\n");
    for (int word = 0; word * 32 < format.bits(); word++) {
      row(out, "" + word, words(isa, format, word));
    }
  }

  /** The pieces of fields that lie in one 32-bit word, as {@code name[high:low]}. */
  private static String words(InstructionSet isa, Format format, int word) {
    List<Field> all = new ArrayList<>();
    all.add(new Field("opcode", 0, isa.opcodeBits(), false, ""));
    all.addAll(format.fields());
    all.sort(Comparator.comparing(Field::lsb));
    StringBuilder pieces = new StringBuilder();
    for (Field f : all.reversed()) {
      int low = Math.max(f.lsb(), 32 * word);
      int high = Math.min(f.msb(), 32 * word + 31);
      if (low > high) {
        continue;
      }
      boolean whole = low == f.lsb() && high == f.msb();
      pieces
          .append(pieces.isEmpty() ? "" : " · ")
          .append(high == low ? "" + low % 32 : high % 32 + ":" + low % 32)
          .append(" `")
          .append(f.name())
          .append(whole ? "" : "[" + (high - f.lsb()) + ":" + (low - f.lsb()) + "]")
          .append('`');
    }
    return pieces.toString();
  }

  private static void symbols(StringBuilder out, String title, String head, List<Symbol> symbols) {
    if (symbols.isEmpty()) {
      return;
    }
    String column = head.equals("counter") ? "index" : "value";
    out.append("\n## ").append(title).append("\n\n| ").append(column).append(" | ").append(head);
    out.append(" | |\n|---|---|---|\n");
    for (Symbol s : symbols) {
      row(out, "" + s.value(), "`" + s.name() + "`", s.meaning());
    }
  }

  private static String bits(int lsb, int count) {
    return count == 1 ? "" + lsb : (lsb + count - 1) + ":" + lsb;
  }

  private static void row(StringBuilder out, String... cells) {
    out.append("| ").append(String.join(" | ", cells).replace("\n", " ")).append(" |\n");
  }
}
