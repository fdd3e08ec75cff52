// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sweep.run.ModelRun;

/**
 * The most that a model's programs use of each memory: of the scratchpad the rows that any one
 * layer {@linkplain ScratchpadHeld holds}, of the accumulator those that it writes, of off-chip
 * memory the bytes up to the last one used.
 */
final class SystolicMemoryUse {
  private SystolicMemoryUse() {}

  static List<ModelRun.MemoryUse> of(SystolicArchitecture machine, List<Program> programs) {
    var isa = SystolicIsa.of(machine);
    long scratchpad = 0;
    long accumulator = 0;
    long offChip = 0;
    for (Program program : programs) {
      offChip = Math.max(offChip, program.memoryBytes());
      byte[] words = ProgramFile.words(program);
      var instructions = new ArrayList<SystolicInstruction>();
      for (int i = 0; i < program.instructionCount(); i++) {
        instructions.add(SystolicInstruction.decode(isa, words, i * program.wordBytes()));
      }
      scratchpad =
          Math.max(
              scratchpad,
              ScratchpadHeld.most(instructions, program.layerOf(), machine.array().rows()));
      accumulator = Math.max(accumulator, accumulated(instructions, program.layerOf()));
    }
    return List.of(
        new ModelRun.MemoryUse(
            "scratchpad",
            scratchpad * machine.scratchpad().widthBytes(),
            (long) machine.scratchpad().totalRows() * machine.scratchpad().widthBytes()),
        new ModelRun.MemoryUse(
            "accumulator",
            accumulator * machine.accumulator().widthBytes(),
            (long) machine.accumulator().totalRows() * machine.accumulator().widthBytes()),
        new ModelRun.MemoryUse("off-chip memory", offChip, machine.memory().capacityBytes()));
  }

  private static int accumulated(List<SystolicInstruction> instructions, int[] layerOf) {
    var rows = new BitSet();
    int most = 0;
    for (int i = 0; i < instructions.size(); i++) {
      if (i > 0 && layerOf[i] != layerOf[i - 1]) {
        rows.clear();
      }
      if (instructions.get(i) instanceof Execute e) {
        rows.set(e.accRow(), e.accRow() + e.pixels());
        most = Math.max(most, rows.cardinality());
      }
    }
    return most;
  }
}
