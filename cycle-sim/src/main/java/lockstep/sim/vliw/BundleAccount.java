// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwCounter;

/** Counters of a run, kept for each bundle of the program. */
final class BundleAccount {
  private static final VliwCounter[] STALLS = {
    VliwCounter.ISSUE_FETCH,
    VliwCounter.ISSUE_BANK,
    VliwCounter.ISSUE_WAIT,
    VliwCounter.ISSUE_TRANSFER,
    VliwCounter.ISSUE_DRAIN
  };

  private static final int BANK = 1;
  private static final SlotKind[] KINDS = SlotKind.values();

  private final Bundle[] bundles;
  private final long[] issues;
  private final long[] firstIssue;
  private final long[] lastIssue;
  private final long[][] stalls;
  private final long[] readBeats;
  private final long[] writeBeats;
  private final long[] constantWrites;

  BundleAccount(Bundle[] bundles) {
    this.bundles = bundles;
    issues = new long[bundles.length];
    firstIssue = new long[bundles.length];
    lastIssue = new long[bundles.length];
    stalls = new long[STALLS.length][bundles.length];
    readBeats = new long[bundles.length];
    writeBeats = new long[bundles.length];
    constantWrites = new long[bundles.length];
  }

  void issue(int bundle, long t) {
    if (issues[bundle]++ == 0) {
      firstIssue[bundle] = t;
    }
    lastIssue[bundle] = t;
  }

  /**
   * Accounts the cycles from {@code from} to the one before {@code to}, if there are any, in which
   * {@code bundle} did not issue, and returns the first that is not accounted.
   */
  long stall(int bundle, VliwCounter reason, long from, long to) {
    if (to <= from) {
      return from;
    }
    stalls[reason.ordinal() - VliwCounter.ISSUE_FETCH.ordinal()][bundle] += to - from;
    return to;
  }

  void readBeats(int bundle, long beats) {
    readBeats[bundle] += beats;
  }

  void writeBeats(int bundle, long beats) {
    writeBeats[bundle] += beats;
  }

  void constantWrites(int bundle, long cycles) {
    constantWrites[bundle] += cycles;
  }

  /** Issues, then waits for banks, of the bundles from {@code first} to {@code last}. */
  void read(int first, int last, long[] counts) {
    int n = last - first + 1;
    System.arraycopy(issues, first, counts, 0, n);
    System.arraycopy(stalls[BANK], first, counts, n, n);
  }

  /** Lets what was counted since {@link #read} happen so many times more. */
  void repeat(int first, int last, long[] counts, long times) {
    int n = last - first + 1;
    for (int i = 0; i < n; i++) {
      issues[first + i] += times * (issues[first + i] - counts[i]);
      stalls[BANK][first + i] += times * (stalls[BANK][first + i] - counts[n + i]);
    }
  }

  long[] issues() {
    return issues;
  }

  long[] firstIssue() {
    return firstIssue;
  }

  /** Cycle in which each bundle issued for the last time. */
  long[] lastIssue() {
    return lastIssue;
  }

  /** Counters by layer, {@code layerOf} naming that of each bundle. */
  List<EnumMap<VliwCounter, Long>> layers(int layers, int[] layerOf) {
    long[][] sums = new long[layers][VliwCounter.values().length];
    for (Bundle bundle : bundles) {
      add(bundle, sums[layerOf[bundle.number()]]);
    }
    List<EnumMap<VliwCounter, Long>> counters = new ArrayList<>();
    for (long[] each : sums) {
      EnumMap<VliwCounter, Long> layer = new EnumMap<>(VliwCounter.class);
      for (VliwCounter c : VliwCounter.values()) {
        layer.put(c, each[c.ordinal()]);
      }
      counters.add(layer);
    }
    return counters;
  }

  private void add(Bundle bundle, long[] to) {
    int i = bundle.number();
    long times = issues[i];
    long cycles = times;
    for (int s = 0; s < STALLS.length; s++) {
      to[STALLS[s].ordinal()] += stalls[s][i];
      cycles += stalls[s][i];
    }
    to[VliwCounter.CYCLES.ordinal()] += cycles;
    to[VliwCounter.BUNDLES.ordinal()] += times;
    to[VliwCounter.ISSUE_BUSY.ordinal()] += times;
    for (SlotKind kind : KINDS) {
      to[VliwCounter.operations(kind).ordinal()] += times * bundle.operations(kind);
    }
    to[VliwCounter.READ_BEATS.ordinal()] += readBeats[i];
    to[VliwCounter.WRITE_BEATS.ordinal()] += writeBeats[i];
    to[VliwCounter.LOCAL_READS.ordinal()] += times * bundle.reads();
    to[VliwCounter.LOCAL_WRITES.ordinal()] += times * bundle.stored();
    to[VliwCounter.CONSTANT_WRITES.ordinal()] += constantWrites[i];
  }

  /** The sums over all layers, by key, in the order of the counters. */
  static Map<String, Long> total(List<EnumMap<VliwCounter, Long>> layers) {
    Map<String, Long> total = new LinkedHashMap<>();
    for (VliwCounter c : VliwCounter.values()) {
      total.put(c.key(), layers.stream().mapToLong(layer -> layer.get(c)).sum());
    }
    return total;
  }
}
