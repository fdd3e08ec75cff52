// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.nio.file.Path;
import java.util.List;
import lockstep.arch.MachineSpec;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.quant.Capabilities;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.sweep.run.ModelChoices;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;
import lockstep.sweep.systolic.SystolicTarget;
import lockstep.sweep.vliw.VliwTarget;

/** What a study asks of one machine, whatever its family. */
public interface Target {

  /**
   * Compiles and simulates a model, timing only.
   *
   * @throws lockstep.arch.UserError when a layer does not fit the machine
   */
  ModelRun run(Workload workload);

  /**
   * The model compiled for this machine.
   *
   * @throws lockstep.arch.UserError when a layer does not fit the machine
   */
  CompiledModel compile(Workload workload);

  /** The machine's area by component. */
  List<ModelRun.Part> area();

  /**
   * Writes a model's programs, one folder for each.
   *
   * @return the folders
   * @throws lockstep.arch.UserError when they cannot be written
   */
  List<Path> writePrograms(Workload workload, Path folder);

  /** A model's run as a Chrome trace. */
  byte[] trace(Workload workload);

  /**
   * A window of a model's run as a pipeline log, {@link KanataLog}: instructions of a stretch that
   * begin in it.
   */
  byte[] pipeline(Workload workload, CycleWindow window);

  /**
   * What a machine's file wants of models.
   *
   * @throws lockstep.arch.UserError when it leaves out a pass that there is not
   */
  static ModelChoices choices(MachineSpec spec) {
    LeftOutPasses.check(spec);
    var capabilities =
        switch (spec.architecture()) {
          case SystolicArchitecture _ -> Capabilities.NONE;
          case VliwArchitecture machine -> VliwCompiler.capabilities(machine);
        };
    return new ModelChoices(spec.quantisation(), capabilities, spec.without());
  }

  /** The target of a machine's family. */
  static Target of(MachineSpec spec) {
    return switch (spec.architecture()) {
      case SystolicArchitecture machine -> SystolicTarget.of(machine, spec);
      case VliwArchitecture machine -> VliwTarget.of(machine, spec);
    };
  }
}
