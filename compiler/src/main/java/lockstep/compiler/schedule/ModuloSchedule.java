// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.schedule;

import java.util.Arrays;

/**
 * When the operations of a loop body issue.
 *
 * @param interval steps from the beginning of a round to that of the next
 * @param steps of each operation in its round; the least is below the interval
 */
public record ModuloSchedule(int interval, int[] steps) {

  /** Steps of one round, its last issue included. */
  public int length() {
    return Arrays.stream(steps).max().orElse(-1) + 1;
  }

  /** Rounds that are under way at a time. */
  public int stages() {
    return Math.ceilDiv(Math.max(1, length()), interval);
  }
}
