// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lockstep.arch.MachineSpec;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.arch.vliw.VliwMapping;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.ProgramFile;
import lockstep.compiler.vliw.Kernel;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.compiler.vliw.VliwModel;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.energy.vliw.VliwArea;
import lockstep.sim.vliw.VliwRun;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.ProgramFolders;
import lockstep.sweep.Target;
import lockstep.sweep.run.EnergyParts;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.KernelRun.RegisterUse;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.UnmatchedRules;
import lockstep.sweep.run.Workload;
import lockstep.sweep.trial.TrialId;

/** A VLIW machine as a study sees it. */
public final class VliwTarget implements Target {
  private final VliwArchitecture machine;
  private final List<MappingRule> rules;
  private final String specHash;

  /**
   * @param rules what the user chose of the mapping of layers
   * @param hardwareYaml the machine as text, which its programs carry the hash of
   */
  public VliwTarget(VliwArchitecture machine, List<MappingRule> rules, String hardwareYaml) {
    this.machine = machine;
    this.rules = rules;
    this.specHash = TrialId.hash(hardwareYaml.getBytes(UTF_8));
  }

  /** The target of a machine's file. */
  public static VliwTarget of(VliwArchitecture machine, MachineSpec spec) {
    if (!(spec.mapping() instanceof VliwMapping mapping)) {
      throw new IllegalArgumentException("a mapping of another family: " + spec.mapping());
    }
    return new VliwTarget(machine, mapping.rules(), spec.hardwareYaml());
  }

  @Override
  public ModelRun run(Workload workload) {
    var compiled = model(workload);
    return VliwModelRun.of(
        machine,
        workload.name(),
        compiled.model(),
        simulate(compiled.model()),
        compiled.kernels().stream().map(this::kernel).toList(),
        notes(workload, compiled.model()));
  }

  private List<String> notes(Workload workload, CompiledModel compiled) {
    return Stream.concat(
            workload.model().notes().stream(),
            UnmatchedRules.notes(rules, workload.name(), compiled).stream())
        .toList();
  }

  private KernelRun kernel(Kernel kernel) {
    var files = machine.registers();
    return new KernelRun(
        kernel.layer(),
        kernel.name(),
        kernel.interval(),
        kernel.bound(),
        kernel.boundBy(),
        kernel.recurrenceBound(),
        kernel.rounds(),
        kernel.stages(),
        List.of(
            new RegisterUse("scalar", kernel.scalars(), files.scalar().count()),
            new RegisterUse("vector", kernel.vectors(), files.vector().count()),
            new RegisterUse("accumulator", kernel.accumulators(), files.accumulator().count())),
        kernel.peak(machine.slots().matrix().count()));
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

  @Override
  public byte[] pipeline(Workload workload, CycleWindow window) {
    return VliwPipeline.log(machine, compile(workload).programs(), window);
  }

  @Override
  public CompiledModel compile(Workload workload) {
    return model(workload).model();
  }

  private VliwModel model(Workload workload) {
    return VliwCompiler.compile(workload.model().network(), machine, specHash, rules);
  }

  private List<VliwRun> simulate(CompiledModel compiled) {
    return compiled.programs().stream()
        .map(each -> VliwSimulator.run(machine, each, false))
        .toList();
  }
}
