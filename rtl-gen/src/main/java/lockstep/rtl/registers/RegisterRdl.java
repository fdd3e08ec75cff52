// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.registers;

/** A register map in SystemRDL 2.0 (Accellera, January 2018). */
public final class RegisterRdl {
  private RegisterRdl() {}

  /** The text. */
  public static String text(RegisterMap map) {
    StringBuilder text =
        new StringBuilder(
            """
            addrmap %s {
              name = "%s";
              default regwidth = 32;
              default accesswidth = 32;
              littleendian;
              lsb0;
            """
                .formatted(map.name(), quoted(map.title())));
    for (Register r : map.registers()) {
      text.append("\n  reg {\n    desc = \"%s\";\n".formatted(quoted(r.meaning())));
      if (r.bits() != 32) {
        text.append("    regwidth = %d;\n".formatted(r.bits()));
      }
      for (Register.Field f : r.fields()) {
        text.append(
            "    field {\n      desc = \"%s\";\n%s    } %s[%d:%d]%s;\n"
                .formatted(
                    quoted(f.meaning()),
                    access(f),
                    f.name(),
                    f.lsb() + f.bits() - 1,
                    f.lsb(),
                    reset(f)));
      }
      text.append("  } %s @ 0x%03x;\n".formatted(r.name(), r.offset()));
    }
    return text.append("};\n").toString();
  }

  /** A field that the machine drives stores nothing of its own, so it has no reset here. */
  private static String reset(Register.Field field) {
    return switch (field.access()) {
      case READ -> "";
      case CONSTANT, READ_WRITE, PULSE -> " = %d'h%x".formatted(field.bits(), field.reset());
    };
  }

  private static String access(Register.Field field) {
    return switch (field.access()) {
      case READ -> "      sw = r;\n      hw = w;\n";
      case CONSTANT -> "      sw = r;\n      hw = na;\n";
      case READ_WRITE -> "      sw = rw;\n      hw = r;\n";
      case PULSE -> "      sw = w;\n      hw = r;\n      singlepulse;\n";
    };
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
