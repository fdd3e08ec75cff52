// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import lockstep.arch.UserError;

/**
 * Instruction words to the text that {@link Assembler} reads: fields in the table's order, those
 * that are 0 left out. For every word that {@link InstructionSet#encode} can write, assembling the
 * text gives the word again.
 */
public final class Disassembler implements InstructionText {
  private final InstructionSet isa;

  public Disassembler(InstructionSet isa) {
    this.isa = isa;
  }

  @Override
  public String machine() {
    return isa.name();
  }

  @Override
  public int instructionBytes() {
    return isa.wordBytes();
  }

  /** One instruction, without a line end. */
  public static String line(Format format, long[] values) {
    StringBuilder line = new StringBuilder(format.mnemonic());
    String separator = " ";
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        line.append(separator).append(format.fields().get(i).name()).append('=').append(values[i]);
        separator = ", ";
      }
    }
    return line.toString();
  }

  /**
   * The instruction at byte {@code offset}, without a line end.
   *
   * @throws UserError if the word is none of this instruction set: unknown opcode, or bits set that
   *     no field holds
   */
  @Override
  public String line(byte[] words, int offset) {
    InstructionSet.Decoded decoded = decode(words, offset);
    byte[] again = new byte[isa.wordBytes()];
    isa.encode(decoded.format(), decoded.values(), again, 0);
    for (int i = 0; i < again.length; i++) {
      if (again[i] != words[offset + i]) {
        throw new UserError(
            "word at byte %d: a '%s' with bits set in byte %d that belong to no field of %s"
                .formatted(offset, decoded.format().mnemonic(), i, isa.name()));
      }
    }
    return line(decoded.format(), decoded.values());
  }

  /** All instructions, one a line. The length must be a multiple of the word's. */
  public String text(byte[] words) {
    if (words.length % isa.wordBytes() != 0) {
      throw new UserError(
          "%d bytes are not whole instructions: those of %s have %d bytes"
              .formatted(words.length, isa.name(), isa.wordBytes()));
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < words.length; at += isa.wordBytes()) {
      text.append(line(words, at)).append('\n');
    }
    return text.toString();
  }

  private InstructionSet.Decoded decode(byte[] words, int offset) {
    try {
      return isa.decode(words, offset);
    } catch (IllegalArgumentException e) {
      throw new UserError("word at byte %d: %s".formatted(offset, e.getMessage()));
    }
  }
}
