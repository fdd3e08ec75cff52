// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.sim.Event;

/**
 * Execute: a weight stage that preloads shadow weights and a stream stage that feeds activations.
 *
 * <pre>
 * ws  preload p(m) = max(accept + 1, p(m') + k(m'), s(m'))      m' the tile preloaded before m
 *     stream  s(m) = max(accept + 1, s(m-1) + max(T(m-1), 3), p(m) + k(m))
 *     retire       = s(last) + T + R + C
 * os  start   s    = max(accept + 1, s(before) + Q(before)),  Q = max(taps E, R, 3), E = max(T, k)
 *     retire       = s + Q + 2R + C + 1
 * </pre>
 */
final class ExecuteUnit {
  private static final int STREAM_QUEUE = 2;
  private static final int SHORTEST_TILE = 3;

  private final ProgramTimes times;
  private final UnitQueue queue;
  private final Account account;
  private final Tokens fromLoad;
  private final Tokens fromStore;
  private final Tokens toLoad;
  private final Tokens toStore;
  private final int rows;
  private final int cols;

  private final long[] started = new long[STREAM_QUEUE];
  private long weightStageFree;
  private long shadowFree;
  private long preloadFree;
  private long streamFree;
  private long accountedTo;
  private boolean any;
  private boolean lastOutputStationary;
  private long lastRetire = -1;
  private int count;

  ExecuteUnit(
      SystolicArchitecture a,
      ProgramTimes times,
      UnitQueue queue,
      Account account,
      Tokens fromLoad,
      Tokens fromStore,
      Tokens toLoad,
      Tokens toStore) {
    this.times = times;
    this.queue = queue;
    this.account = account;
    this.fromLoad = fromLoad;
    this.fromStore = fromStore;
    this.toLoad = toLoad;
    this.toStore = toStore;
    rows = a.array().rows();
    cols = a.array().cols();
  }

  long acceptTime() {
    int i = queue.head();
    if (i < 0) {
      return Event.NEVER;
    }
    Execute e = (Execute) times.instructions[i];
    long t = Math.max(queue.headSince(), weightStageFree);
    t = Math.max(t, fromLoad.available(e.waitLoad()));
    t = Math.max(t, fromStore.available(e.waitStore()));
    if (count >= STREAM_QUEUE) {
      t = Math.max(t, started[count % STREAM_QUEUE] + 1);
    }
    if (any && e.outputStationary() != lastOutputStationary) {
      t = Math.max(t, lastRetire + 1);
    }
    return t;
  }

  void accept(long t) {
    int i = queue.head();
    Execute e = (Execute) times.instructions[i];
    int layer = times.layer[i];
    account.waiting(
        layer,
        accountedTo,
        t + 1,
        queue.headSince(),
        fromLoad.available(e.waitLoad()),
        fromStore.available(e.waitStore()),
        SystolicCounter.EXECUTE_IDLE,
        SystolicCounter.EXECUTE_TOKEN_LOAD,
        SystolicCounter.EXECUTE_TOKEN_STORE,
        SystolicCounter.EXECUTE_START);
    accountedTo = Math.max(accountedTo, t + 1);
    fromLoad.take(e.waitLoad(), t);
    fromStore.take(e.waitStore(), t);
    queue.accept(t);
    long retire =
        e.outputStationary() ? outputStationary(e, layer, t) : weightStationary(e, layer, t);
    any = true;
    lastOutputStationary = e.outputStationary();
    lastRetire = retire;
    count++;
    times.retire(i, retire);
    if (e.signalLoad()) {
      toLoad.push(retire);
    }
    if (e.signalStore()) {
      toStore.push(retire);
    }
    long updates = (long) e.taps() * e.pixels();
    long written = e.outputStationary() ? e.pixels() : updates;
    account.add(layer, SystolicCounter.ACTIVATION_READS, updates);
    account.add(layer, SystolicCounter.ACCUMULATOR_WRITES, written);
    account.add(
        layer, SystolicCounter.ACCUMULATOR_READS, e.accumulate() ? written : written - e.pixels());
  }

  private long weightStationary(Execute e, int layer, long t) {
    int k = e.kRows();
    int pixels = e.pixels();
    int length = Math.max(pixels, SHORTEST_TILE);
    int taps = e.taps();
    long s = 0;
    long weights = 0;
    for (int tap = 0; tap < taps; tap++) {
      s = Math.max(t + 1, streamFree);
      if (tap == 0 || !e.hold()) {
        long p = Math.max(t + 1, Math.max(preloadFree, shadowFree));
        preloadFree = p + k;
        s = Math.max(s, preloadFree);
        shadowFree = s;
        weightStageFree = p + k - 1;
      }
      if (tap == 0) {
        started[count % STREAM_QUEUE] = s;
      }
      weights += s - Math.max(accountedTo, 0);
      accountedTo = s + length;
      streamFree = s + length;
    }
    account.add(layer, SystolicCounter.EXECUTE_WEIGHTS, weights);
    account.add(layer, SystolicCounter.EXECUTE_BUSY, (long) taps * pixels);
    account.add(layer, SystolicCounter.EXECUTE_SHORT_TILE, (long) taps * (length - pixels));
    account.add(layer, SystolicCounter.WEIGHT_READS, (long) k * (e.hold() ? 1 : taps));
    return s + pixels + rows + cols;
  }

  private long outputStationary(Execute e, int layer, long t) {
    int step = Math.max(e.pixels(), e.kRows());
    long occupancy = Math.max((long) e.taps() * step, Math.max(rows, SHORTEST_TILE));
    long s = Math.max(t + 1, streamFree);
    started[count % STREAM_QUEUE] = s;
    weightStageFree = t + 1;
    account.add(layer, SystolicCounter.EXECUTE_WEIGHTS, s - accountedTo);
    account.add(layer, SystolicCounter.EXECUTE_BUSY, occupancy);
    account.add(layer, SystolicCounter.WEIGHT_READS, (long) e.taps() * e.kRows());
    accountedTo = s + occupancy;
    streamFree = s + occupancy;
    return s + occupancy + 2L * rows + cols + 1;
  }

  /** Accounts the cycles after the last instruction, up to the end of the run. */
  void end(long cycles, int layer) {
    account.span(layer, SystolicCounter.EXECUTE_IDLE, accountedTo, cycles);
  }
}
