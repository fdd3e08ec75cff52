// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import lockstep.arch.MachineSpec;
import lockstep.sweep.Verifier;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;

/** Verifies nothing; what {@link FrontVerifier} found in an earlier run stays. */
final class NoVerifier implements Verifier {
  private final String identity = FrontVerifier.toolsIdentity();

  @Override
  public Verdict verify(MachineSpec machine, Workload workload, ModelRun run) {
    return new Verdict(Evidence.Kind.SIMULATED, "not verified: the study or --no-verify says so");
  }

  @Override
  public String identity() {
    return identity;
  }
}
