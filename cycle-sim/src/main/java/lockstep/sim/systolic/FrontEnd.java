// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.sim.systolic.ProgramTimes.Unit;

/**
 * Fetch and dispatch.
 *
 * <pre>
 * fetch     groups of 4 instructions, one request when the buffer has room for 4; goes before load
 * dispatch  one instruction a cycle, in order, when its queue has room
 * HALT      done in the first cycle with HALT at the head and every instruction retired
 * </pre>
 */
final class FrontEnd {
  private static final int GROUP = 4;

  private final ProgramTimes times;
  private final ReadChannel channel;
  private final Account account;
  private final UnitQueue[] queues;
  private final int depth;
  private final int groups;
  private final int groupBursts;
  private final int beatsPerBurst;
  private final int groupBeats;
  private final int wordBytes;
  private final int width;

  private final long[] arrival;
  private int group;
  private int burstInGroup;
  private long nextFetch;
  private int nextDispatch;
  private long lastDispatch = -1;

  FrontEnd(
      SystolicArchitecture a,
      int wordBytes,
      ProgramTimes times,
      ReadChannel channel,
      Account account,
      UnitQueue[] queues) {
    this.times = times;
    this.channel = channel;
    this.account = account;
    this.queues = queues;
    this.wordBytes = wordBytes;
    depth = a.queues().fetchDepth();
    width = a.dma().widthBytes();
    int n = times.instructions.length;
    groups = (n + GROUP - 1) / GROUP;
    int groupBytes = GROUP * wordBytes;
    groupBeats = Math.max(1, groupBytes / width);
    beatsPerBurst = Math.min(groupBeats, a.dma().burstBeats());
    groupBursts = groupBeats / beatsPerBurst;
    arrival = new long[groups * GROUP];
  }

  /** First cycle in which fetch asks for its next burst. */
  long fetchTime() {
    if (group == groups) {
      return Event.NEVER;
    }
    long room = nextFetch;
    if (burstInGroup == 0) {
      int leaver = GROUP * (group + 1) - 1 - depth;
      if (leaver >= nextDispatch) {
        return Event.NEVER;
      }
      room = leaver < 0 ? nextFetch : Math.max(nextFetch, times.dispatch[leaver] + 1);
    }
    return Math.max(room, channel.nextGrant());
  }

  void fetch(long t) {
    long start = channel.grant(t, beatsPerBurst);
    for (int k = 0; k < beatsPerBurst; k++) {
      long onChannel = channel.beat(start, k);
      long firstByte = (long) (burstInGroup * beatsPerBurst + k) * width;
      for (int i = 0; i < GROUP; i++) {
        long lastByteOfWord = (long) (i + 1) * wordBytes - 1;
        if (lastByteOfWord >= firstByte && lastByteOfWord < firstByte + width) {
          arrival[group * GROUP + i] = onChannel + 1;
        }
      }
    }
    if (burstInGroup == 0) {
      account.add(times.layer[group * GROUP], SystolicCounter.READ_BEATS, groupBeats);
    }
    nextFetch = t + 1;
    if (++burstInGroup == groupBursts) {
      burstInGroup = 0;
      group++;
    }
  }

  boolean atHalt() {
    return times.unit[nextDispatch] == Unit.NONE;
  }

  /** First cycle in which the next instruction can be dispatched. */
  long dispatchTime() {
    if (arrival[nextDispatch] == 0 || atHalt()) {
      return Event.NEVER;
    }
    return Math.max(
        Math.max(lastDispatch + 1, arrival[nextDispatch]),
        queues[times.unit[nextDispatch].ordinal()].room());
  }

  void dispatch(long t) {
    int i = nextDispatch++;
    queues[times.unit[i].ordinal()].enter();
    times.dispatch[i] = t;
    int layer = times.layer[i];
    long from = account.span(layer, SystolicCounter.DISPATCH_FETCH, lastDispatch + 1, arrival[i]);
    account.span(layer, SystolicCounter.DISPATCH_QUEUE, from, t);
    account.add(layer, SystolicCounter.DISPATCH_BUSY, 1);
    account.add(layer, SystolicCounter.INSTRUCTIONS, 1);
    lastDispatch = t;
  }

  boolean haltArrived() {
    return atHalt() && arrival[nextDispatch] != 0;
  }

  /** Ends the run: the cycle in which HALT is done, given the last retirement. */
  long halt(long lastRetire) {
    int i = nextDispatch;
    long done = Math.max(Math.max(arrival[i], lastDispatch + 1), lastRetire + 1);
    int layer = times.layer[i];
    long from = account.span(layer, SystolicCounter.DISPATCH_FETCH, lastDispatch + 1, arrival[i]);
    account.span(layer, SystolicCounter.DISPATCH_DRAIN, from, done + 1);
    account.add(layer, SystolicCounter.CYCLES, done + 1);
    times.retire[i] = done;
    return done;
  }

  /** The instruction that cannot be dispatched, for the report of a deadlock. */
  int stuckAt() {
    return nextDispatch;
  }
}
