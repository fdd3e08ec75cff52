// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

/** Instructions of one machine as lines of text, which its assembler reads. */
public interface InstructionText {

  /** The machine's name. */
  String machine();

  /** Bytes of one expanded instruction. */
  int instructionBytes();

  /** The instruction at byte {@code offset}, without a line end. */
  String line(byte[] words, int offset);
}
