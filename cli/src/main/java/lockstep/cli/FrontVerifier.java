// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.rtl.MachineVerilog;
import lockstep.sweep.Verifier;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;
import lockstep.sweep.systolic.SystolicTarget;
import lockstep.sweep.systolic.SystolicVerification;

/** Co-simulates a design's Verilog with the simulator; what is missing becomes the verdict. */
final class FrontVerifier implements Verifier {
  private final Path cache;
  private final long seed;

  FrontVerifier(Path cache, long seed) {
    this.cache = cache;
    this.seed = seed;
  }

  @Override
  public Verdict verify(MachineSpec spec, Workload workload, ModelRun run) {
    try {
      return switch (spec.architecture()) {
        case SystolicArchitecture machine -> {
          var model = new SystolicTarget(machine, spec.resolvedYaml()).compile(workload);
          yield verdict(
              SystolicVerification.of(
                  machine,
                  model,
                  SystolicVerification.build(MachineVerilog.of(machine), model, cache),
                  seed),
              run);
        }
      };
    } catch (UserError e) {
      return new Verdict(
          e.exitCode() == UserError.CHECK_FAILED ? Evidence.Kind.DIFFERS : Evidence.Kind.SIMULATED,
          "not verified: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private static Verdict verdict(SystolicVerification found, ModelRun run) {
    if (found.cycles() != run.cycles()) {
      return new Verdict(
          Evidence.Kind.DIFFERS,
          "the simulator took "
              + found.cycles()
              + " cycles with values and "
              + run.cycles()
              + " without");
    }
    return new Verdict(
        found.equal() ? Evidence.Kind.RTL_VERIFIED : Evidence.Kind.DIFFERS, found.text());
  }
}
