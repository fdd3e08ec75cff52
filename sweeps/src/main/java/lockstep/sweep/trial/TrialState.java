// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.trial;

/** Where a trial is. Only the last three are written to the store. */
public enum TrialState {
  /** Not begun. */
  WAITING,
  /** Being worked on. */
  RUNNING,
  /** Compiled, simulated and priced. */
  COMPLETE,
  /** Given up early: a lower bound already shows that it cannot meet a constraint. */
  PRUNED,
  /** The machine is not a valid one or cannot hold the models; the reason says why. */
  FAILED
}
