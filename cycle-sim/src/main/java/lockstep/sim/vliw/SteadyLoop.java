// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.Arrays;
import lockstep.arch.vliw.VliwArchitecture;

/**
 * An open loop whose rounds come to differ in nothing but numbers that grow evenly; most of them
 * are then left out at once.
 *
 * <pre>
 * X     scalar registers and results on their way, where a round begins
 * map   a round of a linear loop maps X to P X + c, modulo 2^32, with the same P and c each time
 * D     if X grew by D in two rounds, then P D = D, and it grows by D in all that follow
 * p     rounds after which p D is 0 modulo the bytes of a row of banks, for all that addresses are
 *       made of: from then on bundles wait for banks as they did p rounds before
 * </pre>
 *
 * So p rounds are watched, and as many times p of those that follow are left out as leave one.
 * Results that arrive in later rounds do so in the same order each time; what happens to fetch and
 * transfers meanwhile depends on cycles alone, and no bundle of the loop asks for it.
 */
final class SteadyLoop {
  /** Steps after which no result is on its way that another loop's bundle gave. */
  private static final int LONGEST_LATENCY = 32;

  private static final int TRIES = 6;

  /** Three to see it grow evenly twice, one to watch, one to leave out, one to end with. */
  private static final int LEAST_ROUNDS = 6;

  private final ScalarRegisters scalars;
  private final BundleAccount account;
  private final int rowBytes;
  private final boolean wholeRows;
  private int[] state;
  private int[] before;
  private int[] change;
  private int[] places;
  private int[] placesBefore;
  private final int[] changeBefore;
  private long[] counts = new long[0];
  private LoopShape shape = new LoopShape(0, 0, false, 0);
  private long openedAt;
  private int rounds;
  private boolean done;
  private int watching;
  private int period;
  private long watchedFrom;

  SteadyLoop(VliwArchitecture machine, ScalarRegisters scalars, BundleAccount account) {
    this.scalars = scalars;
    this.account = account;
    var local = machine.localMemory();
    rowBytes = local.banks() * local.widthBytes();
    wholeRows = Long.bitCount(local.capacityBytes()) == 1;
    int size = scalars.stateSize();
    state = new int[size];
    before = new int[size];
    change = new int[size];
    changeBefore = new int[size];
    places = new int[size];
    placesBefore = new int[size];
  }

  /** A loop of that shape and so many rounds opens before step {@code step}. */
  void open(LoopShape loop, int count, long step) {
    shape = loop;
    openedAt = step;
    rounds = 0;
    watching = 0;
    done = !loop.linear() || !wholeRows || count < LEAST_ROUNDS;
  }

  /**
   * A round ends, and another begins with step {@code step}.
   *
   * @param lastIssue cycle of the last issue
   * @param left rounds to come
   * @return how many of them are to be left out
   */
  int again(long step, long lastIssue, int left) {
    if (done) {
      return 0;
    }
    if (watching > 0) {
      return --watching > 0 ? 0 : leaveOut(step, left);
    }
    rounds++;
    keepState(step);
    boolean even = rounds > 2 && Arrays.equals(change, changeBefore);
    if (even && step - openedAt >= LONGEST_LATENCY && Arrays.equals(places, placesBefore)) {
      watch(lastIssue, left);
    } else {
      done = rounds > TRIES + LONGEST_LATENCY / (shape.last() - shape.first() + 1);
    }
    return 0;
  }

  private void keepState(long step) {
    int[] oldest = before;
    before = state;
    state = oldest;
    scalars.state(step, state);
    int[] placed = placesBefore;
    placesBefore = places;
    places = placed;
    scalars.places(step, places);
    System.arraycopy(change, 0, changeBefore, 0, change.length);
    for (int i = 0; i < change.length; i++) {
      change[i] = places[i] < 0 ? 0 : state[i] - before[i];
    }
  }

  private void watch(long lastIssue, int left) {
    int least = Integer.numberOfTrailingZeros(rowBytes);
    for (int i = 0; i < change.length; i++) {
      if (places[i] >= 0 && (shape.addressing() >>> places[i] & 1) != 0) {
        least = Math.min(least, Integer.numberOfTrailingZeros(change[i]));
      }
    }
    period = rowBytes >> least;
    if (left < 2 * period + 1) {
      done = true;
      return;
    }
    watching = period;
    watchedFrom = lastIssue;
    int bundles = shape.last() - shape.first() + 1;
    if (counts.length < 2 * bundles) {
      counts = new long[2 * bundles];
    }
    account.read(shape.first(), shape.last(), counts);
  }

  private int leaveOut(long step, int left) {
    done = true;
    int times = (left - 1) / period;
    account.repeat(shape.first(), shape.last(), counts, times);
    scalars.add(step, change, times * period);
    return times * period;
  }

  /** Cycles that a number of rounds take which {@link #again} leaves out. */
  long cycles(int leftOut, long lastIssue) {
    return (lastIssue - watchedFrom) * (leftOut / period);
  }
}
