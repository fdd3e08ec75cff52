// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.rtl.MachineVerilog;
import lockstep.sweep.Target;
import lockstep.sweep.ToolIdentity;
import lockstep.sweep.Verifier;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;
import lockstep.sweep.trial.TrialId;
import lockstep.sweep.verify.DeviceUnderTest;
import lockstep.sweep.verify.RandomVerification.Mismatch;
import lockstep.sweep.verify.Reproduction;
import lockstep.sweep.verify.Verification;

/**
 * Co-simulates a design's Verilog with the simulator. What keeps it from doing so becomes the
 * verdict "simulated" with the reason, and if it is more than a tool that is missing, {@link
 * #failed}. A difference leaves a reproduction.
 */
final class FrontVerifier implements Verifier {
  private final Path cache;
  private final Path reproductions;
  private final long seed;
  private final String identity = toolsIdentity();
  private final AtomicBoolean failed = new AtomicBoolean();

  FrontVerifier(Path cache, Path reproductions, long seed) {
    this.cache = cache;
    this.reproductions = reproductions;
    this.seed = seed;
  }

  @Override
  public String identity() {
    return identity;
  }

  /** Whether a design that should and could have been verified was not. */
  boolean failed() {
    return failed.get();
  }

  /** The generator's code and Verilator's version. */
  static String toolsIdentity() {
    return ToolIdentity.verilog()
        + Tool.ALL.stream()
            .filter(each -> each.name().equals("verilator"))
            .map(each -> ", verilator " + Environment.version(each))
            .collect(Collectors.joining());
  }

  @Override
  public Verdict verify(MachineSpec spec, Workload workload, ModelRun run) {
    try {
      var machine = spec.architecture();
      var model = Target.of(spec).compile(workload.as(Target.choices(spec)));
      var verilog = MachineVerilog.of(machine);
      var built = Verification.build(verilog, model, cache);
      var found = Verification.of(DeviceUnderTest.of(machine), model, built, seed);
      if (!found.equal()) {
        var machineHash = TrialId.hash(spec.resolvedYaml().getBytes(UTF_8)).substring(0, 8);
        Reproduction.write(
            reproductions.resolve(run.model() + "-" + machineHash),
            new Mismatch(verilog, seed, found.text(), Optional.empty(), found.divergent()),
            "explore sweep, model " + workload.name(),
            cache);
      }
      return verdict(found, run);
    } catch (UserError e) {
      if (e.exitCode() != UserError.MISSING_TOOL) {
        failed.set(true);
      }
      return new Verdict(Evidence.Kind.SIMULATED, "not verified: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private static Verdict verdict(Verification found, ModelRun run) {
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
