// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.Event;
import lockstep.sim.memory.ReadChannel;
import org.jspecify.annotations.Nullable;

/**
 * Transfers into local memory: one request stage, which asks for the bursts of one transfer after
 * the other, or writes the codes of a constant.
 *
 * <pre>
 * start s; taken in t = max(s + 1, idle), of a constant also after all before it have finished
 * memory: burst granted from t + 1 on, fewer than O outstanding; idle from last grant + 1;
 *         finish: the cycle after the last beat
 * constant: a run's bytes, W a cycle, from t + 1 on; finish: the last of these; idle after it
 * </pre>
 */
final class Inbound {
  private record Started(Transfer transfer, long cycle) {}

  private final VliwArchitecture machine;
  private final ReadChannel channel;
  private final BundleAccount account;
  private final Finishes finishes;
  private final Deque<Started> waiting = new ArrayDeque<>();
  private final List<TransferTime> times = new ArrayList<>();
  private final long[] lastBeats;
  private final int width;
  private @Nullable Started running;
  private @Nullable Bursts bursts;
  private long begin;
  private long nextAsk;
  private long idle;
  private long granted;
  private long lastFinish = -1;

  Inbound(VliwArchitecture machine, ReadChannel channel, BundleAccount account) {
    this.machine = machine;
    this.channel = channel;
    this.account = account;
    finishes = new Finishes(machine.transferDepth());
    lastBeats = new long[machine.dma().outstandingRequests()];
    width = machine.dma().widthBytes();
  }

  Finishes finishes() {
    return finishes;
  }

  void start(Transfer transfer, long cycle) {
    finishes.start();
    waiting.add(new Started(transfer, cycle));
    take();
  }

  private void take() {
    while (bursts == null && !waiting.isEmpty()) {
      Started next = waiting.remove();
      Transfer transfer = next.transfer();
      long taken = Math.max(next.cycle() + 1, idle);
      if (transfer.constant()) {
        taken = Math.max(taken, lastFinish + 1);
        long cycles = transfer.runs() * Math.ceilDiv(transfer.bytes(), width);
        account.constantWrites(transfer.bundle(), cycles);
        finish(next, taken + 1, taken + cycles);
        idle = taken + cycles + 1;
      } else {
        running = next;
        begin = taken + 1;
        bursts = new Bursts(transfer, machine.dma());
        nextAsk = taken + 1;
      }
    }
  }

  private void finish(Started started, long from, long cycle) {
    lastFinish = cycle;
    finishes.finish(cycle);
    times.add(started.transfer().time(started.cycle(), from, cycle));
  }

  /** The transfers that have finished. */
  List<TransferTime> times() {
    return times;
  }

  /** First cycle in which it asks for its next burst and, fetch aside, gets it. */
  long time() {
    if (bursts == null) {
      return Event.NEVER;
    }
    long t = Math.max(nextAsk, channel.nextGrant());
    if (granted >= lastBeats.length) {
      t = Math.max(t, lastBeats[(int) (granted % lastBeats.length)] + 1);
    }
    return t;
  }

  /** Asks and is granted in cycle {@code t}. */
  void grant(long t) {
    Bursts asked = bursts;
    Started asking = running;
    if (asked == null || asking == null) {
      throw new IllegalStateException("there is no burst to grant in cycle " + t);
    }
    int beats = asked.beats();
    long lastBeat = channel.beat(channel.grant(t, beats), beats - 1);
    lastBeats[(int) (granted++ % lastBeats.length)] = lastBeat;
    account.readBeats(asking.transfer().bundle(), beats);
    nextAsk = t + 1;
    if (!asked.next()) {
      bursts = null;
      idle = t + 1;
      finish(asking, begin, lastBeat + 1);
      take();
    }
  }
}
