// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.InstructionSet;
import lockstep.isa.Stream;
import lockstep.isa.systolic.SystolicCode;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicIsa;

/** Programs by hand: instructions at address 0, data where the test puts them. */
final class ProgramBuilder {
  private final SystolicArchitecture machine;
  private final InstructionSet isa;
  private final List<SystolicInstruction> instructions = new ArrayList<>();
  private final byte[] memory;

  ProgramBuilder(SystolicArchitecture a, int memoryBytes) {
    machine = a;
    isa = SystolicIsa.of(a);
    memory = new byte[memoryBytes];
  }

  ProgramBuilder add(SystolicInstruction i) {
    instructions.add(i);
    return this;
  }

  ProgramBuilder data(int address, byte... bytes) {
    System.arraycopy(bytes, 0, memory, address, bytes.length);
    return this;
  }

  List<SystolicInstruction> instructions() {
    return instructions;
  }

  int dataStart(int instructionLimit) {
    return (instructionLimit * isa.wordBytes() + 8191) / 4096 * 4096;
  }

  Program build() {
    List<SystolicInstruction> all = new ArrayList<>(instructions);
    all.add(new Halt());
    byte[] code = SystolicCode.of(machine, all);
    System.arraycopy(code, 0, memory, 0, code.length);
    return new Program(
        "by-hand",
        "",
        Stream.INSTRUCTIONS,
        isa.wordBytes(),
        0,
        all.size(),
        List.of(new Program.Segment(0, memory)),
        memory.length,
        List.of(),
        new int[all.size()],
        List.of(
            new Program.LayerInfo(
                "layer", 0, "by hand", "", 0, "nothing", 0, "", Program.Stripes.NONE)));
  }
}
