// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Optional;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Disassembler;
import lockstep.isa.Expanded;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicInstruction.Store;
import lockstep.rtl.Instructions;

/** A systolic machine's program: each instruction retires in the unit that it is named after. */
final class SystolicInstructions implements Instructions {
  private final InstructionSet isa;
  private final Expanded stream;

  SystolicInstructions(Program program, InstructionSet isa) {
    this.isa = isa;
    stream = ProgramFile.expanded(program);
  }

  @Override
  public int bytes() {
    return stream.bytes();
  }

  @Override
  public String assembly(int instruction) {
    return new Disassembler(isa).line(stream.words(), instruction * isa.wordBytes());
  }

  @Override
  public Optional<String> unit(int instruction) {
    SystolicInstruction i = decoded(instruction);
    return i instanceof Halt ? Optional.empty() : Optional.of(i.mnemonic());
  }

  @Override
  public boolean writes(int instruction, long address) {
    return decoded(instruction) instanceof Store store && writes(store, address);
  }

  private SystolicInstruction decoded(int instruction) {
    return SystolicInstruction.decode(isa, stream.words(), instruction * isa.wordBytes());
  }

  private static boolean writes(Store store, long address) {
    long lineBytes = (long) store.nX() * store.channels();
    for (int y = 0; y < store.nY(); y++) {
      long from = store.dramAddress() + (long) y * store.lineStride();
      if (address >= from && address < from + lineBytes) {
        return true;
      }
    }
    return false;
  }
}
