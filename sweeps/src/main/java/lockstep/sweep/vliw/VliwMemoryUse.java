// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.vliw.VliwRun;
import lockstep.sweep.run.ModelRun;

/**
 * The most that a model's programs use of each memory: of local and off-chip memory the bytes up to
 * the last one used, of the instruction memory the bundles of the longest outermost loop, which are
 * kept there from its first round to its last.
 */
final class VliwMemoryUse {
  private VliwMemoryUse() {}

  static List<ModelRun.MemoryUse> of(
      VliwArchitecture machine, List<Program> programs, List<VliwRun> runs) {
    long local = runs.stream().mapToLong(VliwRun::localBytes).max().orElse(0);
    long offChip = programs.stream().mapToLong(Program::memoryBytes).max().orElse(0);
    long bundles =
        programs.stream()
            .flatMap(program -> ProgramLoop.of(machine, program).stream())
            .filter(loop -> loop.depth() == 0)
            .mapToLong(ProgramLoop::bundles)
            .max()
            .orElse(0);
    long bundleBytes = VliwIsa.of(machine).bytes();
    return List.of(
        new ModelRun.MemoryUse("local memory", local, machine.localMemory().capacityBytes()),
        new ModelRun.MemoryUse(
            "instruction memory, by a loop",
            bundles * bundleBytes,
            machine.instructionMemory() * bundleBytes),
        new ModelRun.MemoryUse("off-chip memory", offChip, machine.memory().capacityBytes()));
  }
}
