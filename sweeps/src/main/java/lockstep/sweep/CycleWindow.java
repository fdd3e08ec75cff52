// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

/** The cycles from {@code from} to the one before {@code to}. */
public record CycleWindow(long from, long to) {
  public CycleWindow {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no cycles from " + from + " to before " + to);
    }
  }

  /** Whether {@code cycle} is one of them. */
  public boolean holds(long cycle) {
    return cycle >= from && cycle < to;
  }
}
