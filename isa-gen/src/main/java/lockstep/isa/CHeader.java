// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.List;

/**
 * A C99 and C++ header of one instruction set: opcodes, position and mask of every field, functions
 * that read and write a field in the bytes of a word, the machine's parameters and the indices of
 * its counters. It needs only {@code stdint.h}.
 */
public final class CHeader {
  private CHeader() {}

  /** Name of the header file. */
  public static String fileName(InstructionSet isa) {
    return Symbol.identifier(isa.name()) + "_isa.h";
  }

  public static String of(InstructionSet isa, List<Symbol> parameters, List<Symbol> counters) {
    String machine = Symbol.constant(isa.name());
    String function = Symbol.identifier(isa.name());
    StringBuilder out = new StringBuilder();
    out.append(
        """
        /* Instruction set of %1$s, written by Lockstep from its spec: do not edit. */
        #ifndef %2$s_ISA_H
        #define %2$s_ISA_H

        #include <stdint.h>

        #define %2$s_WORD_BYTES %3$d
        #define %2$s_OPCODE_LSB 0
        #define %2$s_OPCODE_BITS %4$d
        #define %2$s_OPCODE_MASK UINT32_C(0x%5$x)

        enum %6$s_opcode {
        """
            .formatted(
                isa.name(),
                machine,
                isa.wordBytes(),
                isa.opcodeBits(),
                mask(isa.opcodeBits()),
                function));
    for (int i = 0; i < isa.formats().size(); i++) {
      Format f = isa.formats().get(i);
      String comma = i + 1 < isa.formats().size() ? "," : " ";
      out.append("  ").append(machine).append("_OPCODE_").append(Symbol.constant(f.mnemonic()));
      out.append(" = ").append(f.opcode()).append(comma);
      out.append(" /* ").append(f.meaning()).append(" */\n");
    }
    out.append("};\n\n");
    accessors(out, function, machine);
    for (Format f : isa.formats()) {
      fields(out, machine, function, f);
    }
    constants(out, machine, "", "Parameters of the machine.", parameters);
    constants(out, machine, "COUNTER_", "Indices of the performance counters.", counters);
    if (!counters.isEmpty()) {
      out.append("#define ").append(machine).append("_COUNTERS ").append(counters.size());
      out.append("\n\n");
    }
    out.append("#endif\n");
    return out.toString();
  }

  private static void accessors(StringBuilder out, String function, String machine) {
    out.append(
        """
        /* Bits lsb .. lsb + bits - 1 of a word, zero-extended; bits is 1 to 32. */
        static inline uint32_t %1$s_get(const uint8_t *word, unsigned lsb, unsigned bits) {
          uint32_t value = 0;
          unsigned i;
          for (i = 0; i < bits; i++) {
            value |= (uint32_t)((word[(lsb + i) / 8] >> ((lsb + i) %% 8)) & 1u) << i;
          }
          return value;
        }

        /* As %1$s_get, sign-extended. */
        static inline int32_t %1$s_get_signed(const uint8_t *word, unsigned lsb, unsigned bits) {
          uint32_t sign = UINT32_C(1) << (bits - 1);
          uint32_t value = %1$s_get(word, lsb, bits);
          return (int32_t)((int64_t)(value ^ sign) - (int64_t)sign);
        }

        /* Writes the low bits of value; the other bits of the word stay. */
        static inline void %1$s_set(uint8_t *word, unsigned lsb, unsigned bits, uint32_t value) {
          unsigned i;
          for (i = 0; i < bits; i++) {
            uint8_t bit = (uint8_t)(1u << ((lsb + i) %% 8));
            uint8_t *byte = &word[(lsb + i) / 8];
            *byte = (uint8_t)((value >> i) & 1u ? *byte | bit : *byte & (uint8_t)~bit);
          }
        }

        #define %2$s_OPCODE(word) %1$s_get((word), 0, %2$s_OPCODE_BITS)
        #define %2$s_OPCODE_SET(word, value) %1$s_set((word), 0, %2$s_OPCODE_BITS, (value))

        """
            .formatted(function, machine));
  }

  private static void fields(StringBuilder out, String machine, String function, Format format) {
    for (Field f : format.fields()) {
      out.append(
          """
          /* %5$s %6$s: %7$s */
          #define %1$s_LSB %2$d
          #define %1$s_BITS %3$d
          #define %1$s_MASK UINT32_C(0x%4$x)
          #define %1$s(word) %8$s_get%9$s((word), %1$s_LSB, %1$s_BITS)
          #define %1$s_SET(word, value) %8$s_set((word), %1$s_LSB, %1$s_BITS, (uint32_t)(value))

          """
              .formatted(
                  String.join(
                      "_", machine, Symbol.constant(format.mnemonic()), Symbol.constant(f.name())),
                  f.lsb(),
                  f.bits(),
                  mask(f.bits()),
                  format.mnemonic(),
                  f.name(),
                  f.meaning(),
                  function,
                  f.signed() ? "_signed" : ""));
    }
  }

  private static void constants(
      StringBuilder out, String machine, String prefix, String title, List<Symbol> symbols) {
    if (symbols.isEmpty()) {
      return;
    }
    out.append("/* ").append(title).append(" */\n");
    for (Symbol s : symbols) {
      out.append("#define ").append(machine).append('_').append(prefix).append(s.constant());
      out.append(' ').append(s.value()).append(s.value() > Integer.MAX_VALUE ? "LL" : "");
      out.append(" /* ").append(s.meaning()).append(" */\n");
    }
    out.append('\n');
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }
}
