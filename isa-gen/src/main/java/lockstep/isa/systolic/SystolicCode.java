// SPDX-License-Identifier: Apache-2.0
package lockstep.isa.systolic;

import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.InstructionSet;
import lockstep.isa.InstructionStream;

/** Instructions as the bytes that a machine fetches. */
public final class SystolicCode {
  private SystolicCode() {}

  /** The stream of {@code instructions}, with zeros up to a whole group. */
  public static byte[] of(
      SystolicArchitecture a, List<? extends SystolicInstruction> instructions) {
    InstructionSet isa = SystolicIsa.of(a);
    byte[] words = new byte[Math.multiplyExact(instructions.size(), isa.wordBytes())];
    for (int i = 0; i < instructions.size(); i++) {
      instructions.get(i).encode(isa, words, i * isa.wordBytes());
    }
    byte[] stream = InstructionStream.compress(words, isa.wordBytes(), instructions.size());
    return InstructionStream.padded(stream, SystolicIsa.groupBytes(a));
  }
}
