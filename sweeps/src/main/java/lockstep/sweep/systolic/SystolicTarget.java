// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import lockstep.arch.MachineSpec;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicMapping;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.ProgramFile;
import lockstep.compiler.systolic.MappingCache;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.energy.systolic.SystolicArea;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sim.systolic.SystolicSimulator;
import lockstep.sweep.CacheFolder;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.ProgramFolders;
import lockstep.sweep.Target;
import lockstep.sweep.ToolIdentity;
import lockstep.sweep.run.EnergyParts;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.UnmatchedRules;
import lockstep.sweep.run.Workload;

/** A systolic machine as a study sees it. */
public final class SystolicTarget implements Target {
  private final SystolicArchitecture machine;
  private final List<MappingRule> rules;
  private final String specHash;

  /**
   * @param rules what the user chose of the mapping of layers
   * @param hardwareYaml the machine as text, which its programs carry the hash of
   */
  public SystolicTarget(
      SystolicArchitecture machine, List<MappingRule> rules, String hardwareYaml) {
    this.machine = machine;
    this.rules = rules;
    this.specHash = SystolicCompiler.hash(hardwareYaml);
  }

  /** The target of a machine's file. */
  public static SystolicTarget of(SystolicArchitecture machine, MachineSpec spec) {
    if (!(spec.mapping() instanceof SystolicMapping mapping)) {
      throw new IllegalArgumentException("a mapping of another family: " + spec.mapping());
    }
    return new SystolicTarget(machine, mapping.rules(), spec.hardwareYaml());
  }

  @Override
  public ModelRun run(Workload workload) {
    var compiled = compile(workload);
    // what follows from the programs alone is counted beside their run
    var memory =
        CompletableFuture.supplyAsync(() -> SystolicMemoryUse.of(machine, compiled.programs()));
    return SystolicModelRun.of(
        machine,
        workload,
        compiled,
        simulate(compiled),
        memory.join(),
        UnmatchedRules.notes(rules, workload.name(), compiled));
  }

  @Override
  public List<ModelRun.Part> area() {
    return EnergyParts.of(SystolicArea.of(machine));
  }

  @Override
  public List<Path> writePrograms(Workload workload, Path folder) {
    var isa = SystolicIsa.of(machine);
    return ProgramFolders.write(
        compile(workload), folder, (program, place) -> ProgramFile.write(program, isa, place));
  }

  @Override
  public byte[] trace(Workload workload) {
    var compiled = compile(workload);
    return SystolicTrace.json(machine, compiled.programs(), simulate(compiled));
  }

  @Override
  public byte[] pipeline(Workload workload, CycleWindow window) {
    var compiled = compile(workload);
    return SystolicPipeline.log(machine, compiled.programs(), simulate(compiled), window);
  }

  @Override
  public CompiledModel compile(Workload workload) {
    return SystolicCompiler.compile(
        workload.model().network(),
        machine,
        specHash,
        workload.pipeline().depthFirst() ? rules : withoutStripes(),
        MappingCache.open(
            CacheFolder.mappings(), SystolicCompiler.hash(specHash + ToolIdentity.text())));
  }

  private List<MappingRule> withoutStripes() {
    return Stream.concat(rules.stream(), Stream.of(MappingRule.WITHOUT_STRIPES)).toList();
  }

  private List<SystolicRun> simulate(CompiledModel compiled) {
    return compiled.programs().stream()
        .map(each -> SystolicSimulator.run(machine, each, false))
        .toList();
  }
}
