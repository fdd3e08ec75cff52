// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import java.io.IOException;
import lockstep.isa.InstructionText;

/**
 * A program as text that the assembler reads: the address map and, before each run of instructions
 * of one layer, that layer's name and mapping as comments.
 */
public final class ProgramText {
  private ProgramText() {}

  /** The text of a small program. */
  public static String of(Program program, InstructionText text) {
    StringBuilder out = new StringBuilder();
    try {
      write(program, text, out);
    } catch (IOException e) {
      throw new IllegalStateException("a string builder does no input or output", e);
    }
    return out.toString();
  }

  /** Writes the text line by line. */
  public static void write(Program program, InstructionText text, Appendable out)
      throws IOException {
    if (text.instructionBytes() != program.wordBytes()) {
      throw new IllegalArgumentException(
          "the program's words have %d bytes, those of %s %d"
              .formatted(program.wordBytes(), text.machine(), text.instructionBytes()));
    }
    comment(out, "program " + program.name() + ", spec " + program.specHash());
    for (Program.Region r : program.regions()) {
      comment(
          out, "0x%08x %10d bytes  %-10s %s".formatted(r.address(), r.bytes(), r.kind(), r.name()));
    }
    byte[] words = ProgramFile.words(program);
    int layer = -1;
    int[] stripes = program.stripes();
    for (int i = 0; i < program.instructionCount(); i++) {
      if (program.layerOf()[i] != layer) {
        layer = program.layerOf()[i];
        Program.LayerInfo info = program.layers().get(layer);
        out.append('\n');
        String onChip = info.onChip().isEmpty() ? "" : "; on chip: " + info.onChip();
        String stripe =
            info.stripes().count() == 1
                ? ""
                : ", stripe %d of %d".formatted(stripes[i] + 1, info.stripes().count());
        comment(
            out,
            "layer %d %s%s: %s%s".formatted(layer, info.name(), stripe, info.mapping(), onChip));
      }
      out.append(text.line(words, i * program.wordBytes())).append('\n');
    }
  }

  private static void comment(Appendable out, String words) throws IOException {
    out.append("# ").append(words.replaceAll("\\R", " ")).append('\n');
  }
}
