// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.isa.systolic.SystolicCounter;

/** Counters of a run, kept for each layer; a run's counter is the sum over its layers. */
final class Account {
  private static final int COUNTERS = SystolicCounter.values().length;
  private final long[][] byLayer;

  Account(int layers) {
    byLayer = new long[layers][COUNTERS];
  }

  void add(int layer, SystolicCounter counter, long amount) {
    byLayer[layer][counter.ordinal()] += amount;
  }

  int layers() {
    return byLayer.length;
  }

  Map<String, Long> total() {
    Map<String, Long> total = new LinkedHashMap<>();
    for (SystolicCounter c : SystolicCounter.values()) {
      long sum = 0;
      for (long[] layer : byLayer) {
        sum += layer[c.ordinal()];
      }
      total.put(c.key(), sum);
    }
    return total;
  }

  EnumMap<SystolicCounter, Long> layer(int layer) {
    EnumMap<SystolicCounter, Long> counters = new EnumMap<>(SystolicCounter.class);
    for (SystolicCounter c : SystolicCounter.values()) {
      counters.put(c, byLayer[layer][c.ordinal()]);
    }
    return counters;
  }

  /**
   * Accounts the cycles {@code [from, to)} in which a unit has no work in hand and waits for its
   * next instruction.
   *
   * @param queued cycle from which that instruction is in the queue
   * @param first cycle from which its first token count is there, accounted to {@code firstReason}
   * @param second likewise, accounted to {@code secondReason}
   */
  void waiting(
      int layer,
      long from,
      long to,
      long queued,
      long first,
      long second,
      SystolicCounter idle,
      SystolicCounter firstReason,
      SystolicCounter secondReason,
      SystolicCounter start) {
    long t = from;
    t = span(layer, idle, t, Math.min(to, queued));
    t = span(layer, firstReason, t, Math.min(to, first));
    t = span(layer, secondReason, t, Math.min(to, second));
    span(layer, start, t, to);
  }

  /** Adds {@code [from, to)}, if not empty, and returns its end. */
  long span(int layer, SystolicCounter counter, long from, long to) {
    if (to > from) {
      byLayer[layer][counter.ordinal()] += to - from;
      return to;
    }
    return from;
  }
}
