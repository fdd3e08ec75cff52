// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.BitSet;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sweep.run.ModelRun;

/**
 * The most that a model's programs use of each memory: of scratchpad and accumulator the rows that
 * any one layer writes, of off-chip memory the bytes up to the last one used.
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
      var loaded = new BitSet();
      var accumulated = new BitSet();
      int layer = -1;
      for (int i = 0; i < program.instructionCount(); i++) {
        if (program.layerOf()[i] != layer) {
          layer = program.layerOf()[i];
          loaded.clear();
          accumulated.clear();
        }
        switch (SystolicInstruction.decode(isa, words, i * program.wordBytes())) {
          case Load load -> {
            if (!load.parameters()) {
              rows(load, loaded);
              scratchpad = Math.max(scratchpad, loaded.cardinality());
            }
          }
          case Execute execute -> {
            accumulated.set(execute.accRow(), execute.accRow() + execute.pixels());
            accumulator = Math.max(accumulator, accumulated.cardinality());
          }
          case SystolicInstruction.Store store -> {}
          case SystolicInstruction.Halt halt -> {}
        }
      }
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

  private static void rows(Load load, BitSet rows) {
    for (int line = 0; line < load.lines(); line++) {
      for (int window = 0; window < load.windows(); window++) {
        for (int chunk = 0; chunk < load.chunks(); chunk++) {
          rows.set(
              load.row()
                  + line * load.rowLineStride()
                  + window * load.rowStep()
                  + chunk * load.rowChunkStep());
        }
      }
    }
  }
}
