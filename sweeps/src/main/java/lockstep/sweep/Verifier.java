// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import lockstep.arch.MachineSpec;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.run.Workload;

/** Looks for evidence beyond simulation for one design on one model. */
public interface Verifier {
  /** What was found out, as a kind of evidence and in words. */
  record Verdict(Evidence.Kind kind, String detail) {}

  /**
   * Generates the design's Verilog, runs the model's programs in it and in the simulator, and
   * compares. What keeps it from doing so is a verdict, too.
   */
  Verdict verify(MachineSpec machine, Workload workload, ModelRun run);

  /** The generator's code and the tools: a verification holds as long as these stay the same. */
  String identity();
}
