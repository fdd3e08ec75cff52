// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import lockstep.sim.vliw.Bundle.Loop;

/** The open loops, the outermost first, and so which bundle issues next. */
final class Loops {
  private final int[] first;
  private final int[] last;
  private final int[] rounds;
  private int open;

  /**
   * @param depth loops that may be open
   */
  Loops(int depth) {
    first = new int[depth];
    last = new int[depth];
    rounds = new int[depth];
  }

  /** The number of the bundle after {@code bundle}, which issues. */
  int next(Bundle bundle) {
    int number = bundle.number();
    Loop loop = bundle.loop();
    if (loop != null) {
      first[open] = number + 1;
      last[open] = loop.last();
      rounds[open++] = loop.count();
    } else if (open > 0 && last[open - 1] == number) {
      if (--rounds[open - 1] > 0) {
        return first[open - 1];
      }
      open--;
    }
    return number + 1;
  }

  /** The oldest bundle that the machine keeps, if {@code next} issues next. */
  int oldest(int next) {
    return open > 0 ? first[0] : next;
  }

  /** How many are open. */
  int open() {
    return open;
  }

  /** Rounds that the innermost open loop has still to begin or to end. */
  int rounds() {
    return rounds[open - 1];
  }

  /** Leaves out rounds of the innermost open loop. */
  void leaveOut(int count) {
    rounds[open - 1] -= count;
  }
}
