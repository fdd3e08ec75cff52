// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.Optional;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Expanded;
import lockstep.isa.InstructionSet.Decoded;
import lockstep.isa.vliw.BundleSet;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.BundleText;
import lockstep.rtl.Instructions;

/** A VLIW machine's program: every bundle but the one with {@code halt} retires when it issues. */
final class VliwInstructions implements Instructions {
  private static final int OUT = 1;

  private final BundleSet isa;
  private final Expanded stream;

  VliwInstructions(Program program, BundleSet isa) {
    this.isa = isa;
    stream = ProgramFile.expanded(program);
  }

  @Override
  public int bytes() {
    return stream.bytes();
  }

  @Override
  public String assembly(int instruction) {
    return new BundleText(isa).line(stream.words(), instruction * isa.bytes());
  }

  @Override
  public Optional<String> unit(int instruction) {
    return instruction == stream.ends().length - 1 ? Optional.empty() : Optional.of(Top.UNIT);
  }

  /** True of every bundle that starts a transfer out: registers may say where it goes. */
  @Override
  public boolean writes(int instruction, long address) {
    Slot dma = isa.slots().getLast();
    Decoded operation =
        dma.operations().decode(stream.words(), instruction * isa.bytes() + dma.offset());
    return operation.format().mnemonic().equals("start") && operation.get("direction") == OUT;
  }
}
