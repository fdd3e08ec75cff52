// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.trial;

/** How a trial ended. */
public enum TrialState {
  /** Compiled, simulated and priced. */
  COMPLETE,
  /** The machine is not a valid one or cannot hold the models; the reason says why. */
  FAILED
}
