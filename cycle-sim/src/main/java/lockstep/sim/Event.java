// SPDX-License-Identifier: Apache-2.0
package lockstep.sim;

/** Times of the simulators' event loops, in cycles. */
public final class Event {
  /** Later than every cycle: the event waits for one that has not been simulated yet. */
  public static final long NEVER = Long.MAX_VALUE / 4;

  private Event() {}
}
