// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.nio.file.Path;
import java.util.List;
import lockstep.arch.MachineSpec;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.energy.vliw.VliwArea;
import lockstep.sim.vliw.VliwRun;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.ProgramFolders;
import lockstep.sweep.Target;
import lockstep.sweep.run.EnergyParts;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;

/** A VLIW machine as a study sees it. */
public final class VliwTarget implements Target {
  private final VliwArchitecture machine;

  public VliwTarget(VliwArchitecture machine) {
    this.machine = machine;
  }

  /** The target of a machine's file. */
  public static VliwTarget of(VliwArchitecture machine, MachineSpec spec) {
    return new VliwTarget(machine);
  }

  @Override
  public ModelRun run(Workload workload) {
    var compiled = compile(workload);
    return VliwModelRun.of(
        machine,
        workload.name(),
        compiled,
        simulate(compiled),
        List.of(),
        workload.model().notes());
  }

  @Override
  public List<ModelRun.Part> area() {
    return EnergyParts.of(VliwArea.of(machine));
  }

  @Override
  public List<Path> writePrograms(Workload workload, Path folder) {
    var text = new BundleText(VliwIsa.of(machine));
    return ProgramFolders.write(
        compile(workload), folder, (program, place) -> ProgramFile.write(program, text, place));
  }

  @Override
  public byte[] trace(Workload workload) {
    var compiled = compile(workload);
    return VliwTrace.json(machine, compiled.programs(), simulate(compiled));
  }

  /** The model compiled for this machine. */
  public CompiledModel compile(Workload workload) {
    throw machine.unfinished();
  }

  private List<VliwRun> simulate(CompiledModel compiled) {
    return compiled.programs().stream()
        .map(each -> VliwSimulator.run(machine, each, false))
        .toList();
  }
}
