// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

/** Times of the simulator's event loop, in cycles. */
final class Event {
  /** Later than every cycle: the event waits for one that has not been simulated yet. */
  static final long NEVER = Long.MAX_VALUE / 4;

  private Event() {}
}
