// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.registers;

/** A register map as Markdown: one table of registers, one of fields where there are several. */
public final class RegisterManual {
  private RegisterManual() {}

  /** The text. */
  public static String text(RegisterMap map) {
    StringBuilder text =
        new StringBuilder(
            """
            # %s: registers

            %d bytes, little-endian, 32-bit words; write strobes are obeyed, the two lowest address bits
            ignored. Every access is answered OKAY: a write to a read-only place does nothing, a place
            without register reads as 0. Of a 64-bit register the low word comes first; the two are
            separate reads, so read it when the machine is idle.

            | offset | name | bits | access | reset | meaning |
            |---|---|---|---|---|---|
            """
                .formatted(map.title(), map.bytes()));
    for (Register r : map.registers()) {
      text.append(
          "| 0x%03x | `%s` | %d | %s | %s | %s |\n"
              .formatted(
                  r.offset(),
                  r.name(),
                  r.bits(),
                  access(r.fields().getFirst()),
                  hex(reset(r)),
                  r.meaning()));
    }
    for (Register r : map.registers()) {
      if (r.fields().size() > 1 || r.fields().getFirst().bits() < r.bits()) {
        fields(text, r);
      }
    }
    return text.toString();
  }

  private static void fields(StringBuilder text, Register r) {
    text.append(
        "\n## `%s` (0x%03x)\n\n| bits | name | access | reset | meaning |\n|---|---|---|---|---|\n"
            .formatted(r.name(), r.offset()));
    for (Register.Field f : r.fields()) {
      text.append(
          "| %s | `%s` | %s | %s | %s |\n"
              .formatted(f.place(), f.name(), access(f), hex(f.reset()), f.meaning()));
    }
  }

  private static long reset(Register r) {
    long value = 0;
    for (Register.Field f : r.fields()) {
      value |= f.reset() << f.lsb();
    }
    return value;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static String access(Register.Field field) {
    return switch (field.access()) {
      case READ -> "read";
      case CONSTANT -> "read, constant";
      case READ_WRITE -> "read, write";
      case PULSE -> "write 1";
    };
  }
}
