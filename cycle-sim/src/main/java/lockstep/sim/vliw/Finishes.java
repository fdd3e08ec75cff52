// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

/** When the transfers of a direction finished, as far as it is known; they do so in order. */
final class Finishes {
  private final long[] cycles;
  private long started;
  private long finished;

  /**
   * @param depth transfers that may be unfinished
   */
  Finishes(int depth) {
    cycles = new long[depth];
  }

  void start() {
    started++;
  }

  /** The oldest transfer whose finish was not known finishes in {@code cycle}. */
  void finish(long cycle) {
    cycles[(int) (finished++ % cycles.length)] = cycle;
  }

  /** Transfers started so far. */
  long started() {
    return started;
  }

  /** Whether it is known when at most {@code most} transfers are unfinished. */
  boolean known(int most) {
    return finished >= started - most;
  }

  /** First cycle in which at most {@code most} are unfinished, if no other starts; if known. */
  long from(int most) {
    long awaited = started - most;
    return awaited <= 0 || most >= cycles.length
        ? 0
        : cycles[(int) ((awaited - 1) % cycles.length)] + 1;
  }

  /** Whether transfer {@code number}, counted from 0, is known to be finished before {@code t}. */
  boolean finished(long number, long t) {
    return number < finished
        && (number < finished - cycles.length || cycles[(int) (number % cycles.length)] < t);
  }
}
