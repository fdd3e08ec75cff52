// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.List;

/**
 * A SystemVerilog package of one instruction set: opcodes and counter indices as enumerations;
 * lowest bit, highest bit and width of every field as {@code LOAD_ROW_LSB}, {@code LOAD_ROW_MSB},
 * {@code LOAD_ROW_BITS}; and for every field a function, {@code load_row(word)}, that reads it. The
 * functions use every constant, so the package is clean under {@code verilator -Wall} even where a
 * design uses a part of it.
 */
public final class VerilogDecodePackage {
  private VerilogDecodePackage() {}

  /** Name of the package; its file is this name with {@code .sv}. */
  public static String packageName(InstructionSet isa) {
    return Symbol.identifier(isa.name()) + "_isa_pkg";
  }

  public static String of(InstructionSet isa, List<Symbol> counters) {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        // Instruction set of %s, written by Lockstep from its spec: do not edit.
        package %s;
          localparam int WORD_BITS = %d;

          typedef enum logic [%d:0] {
        """
            .formatted(isa.name(), packageName(isa), 8 * isa.wordBytes(), isa.opcodeBits() - 1));
    for (int i = 0; i < isa.formats().size(); i++) {
      Format f = isa.formats().get(i);
      String value = isa.opcodeBits() + "'d" + f.opcode();
      item(out, "OPCODE_" + f.mnemonic(), value, i + 1 < isa.formats().size(), f.meaning());
    }
    out.append("  } opcode_e;\n");
    Field opcode = new Field("opcode", 0, isa.opcodeBits(), false, "which instruction it is");
    field(out, "opcode", opcode);
    for (Format format : isa.formats()) {
      for (Field f : format.fields()) {
        field(out, format.mnemonic() + "_" + f.name(), f);
      }
    }
    if (!counters.isEmpty()) {
      out.append("\n  typedef enum int {\n");
      for (int i = 0; i < counters.size(); i++) {
        Symbol s = counters.get(i);
        item(out, "COUNTER_" + s.name(), "" + s.value(), i + 1 < counters.size(), s.meaning());
      }
      out.append("  } counter_e;\n");
    }
    out.append("endpackage\n");
    return out.toString();
  }

  private static void item(
      StringBuilder out, String name, String value, boolean more, String meaning) {
    out.append("    ").append(Symbol.constant(name)).append(" = ").append(value);
    out.append(more ? "," : "").append(" // ").append(meaning).append('\n');
  }

  private static void field(StringBuilder out, String name, Field f) {
    out.append(
        """

          // %4$s
          localparam int %1$s_LSB = %5$d;
          localparam int %1$s_MSB = %6$d;
          localparam int %1$s_BITS = %1$s_MSB - %1$s_LSB + 1;
          function automatic logic%3$s [%1$s_BITS-1:0] %2$s(input logic [WORD_BITS-1:0] word);
            %2$s = %1$s_BITS'(word >> %1$s_LSB);
          endfunction
        """
            .formatted(
                Symbol.constant(name),
                Symbol.identifier(name),
                f.signed() ? " signed" : "",
                f.meaning(),
                f.lsb(),
                f.msb()));
  }
}
