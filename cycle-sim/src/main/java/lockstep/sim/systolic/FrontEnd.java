// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import static lockstep.isa.InstructionStream.WORD_BYTES;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.memory.ReadChannel;
import lockstep.sim.systolic.ProgramTimes.Unit;

/**
 * Fetch, expansion and dispatch.
 *
 * <pre>
 * fetch     groups of 4 entries, one request when the buffer has room for 4; goes before load
 * expand    one word a cycle; an instruction is complete in the cycle after its last word
 * dispatch  one instruction a cycle, in order, when its queue has room
 * HALT      done in the first cycle with HALT complete and every instruction retired
 * </pre>
 */
final class FrontEnd {
  private static final int GROUP = SystolicIsa.GROUP_ENTRIES;

  private final ProgramTimes times;
  private final ReadChannel channel;
  private final Account account;
  private final UnitQueue[] queues;
  private final int depth;
  private final int groups;
  private final int groupBursts;
  private final int beatsPerBurst;
  private final int groupBeats;
  private final int entryBytes;
  private final int width;

  // fetch; by entry, the cycle from which it is in the buffer, and that of its last word's
  // expansion
  private final long[] arrival;
  private final long[] left;
  private final int[] groupLayer;
  private int group;
  private int burstInGroup;
  private long nextFetch;

  // expansion
  private final int[] wordEnds;
  private int nextWord;
  private int expanding;
  private long lastWord = -1;
  private long complete;

  private int nextDispatch;
  private long lastDispatch = -1;

  FrontEnd(
      SystolicArchitecture a,
      ProgramTimes times,
      ReadChannel channel,
      Account account,
      UnitQueue[] queues) {
    this.times = times;
    this.channel = channel;
    this.account = account;
    this.queues = queues;
    depth = a.queues().fetchDepth();
    width = a.dma().widthBytes();
    entryBytes = SystolicIsa.entryBytes(a);
    int groupBytes = SystolicIsa.groupBytes(a);
    wordEnds = new int[times.ends.length];
    for (int i = 0; i < wordEnds.length; i++) {
      wordEnds[i] = times.ends[i] / WORD_BYTES;
    }
    groups = Math.ceilDiv(times.ends[times.ends.length - 1], groupBytes);
    groupBeats = groupBytes / width;
    beatsPerBurst = Math.min(groupBeats, a.dma().burstBeats());
    groupBursts = groupBeats / beatsPerBurst;
    arrival = new long[groups * GROUP];
    left = new long[groups * GROUP];
    groupLayer = new int[groups];
    int instruction = 0;
    for (int g = 0; g < groups; g++) {
      while (times.ends[instruction] <= g * groupBytes) {
        instruction++;
      }
      groupLayer[g] = times.layer[instruction];
    }
  }

  /** First cycle in which fetch asks for its next burst. */
  long fetchTime() {
    if (group == groups) {
      return Event.NEVER;
    }
    long room = nextFetch;
    if (burstInGroup == 0) {
      int leaver = GROUP * (group + 1) - 1 - depth;
      if (leaver >= nextWord * WORD_BYTES / entryBytes) {
        return Event.NEVER;
      }
      room = leaver < 0 ? nextFetch : Math.max(nextFetch, left[leaver] + 1);
    }
    return Math.max(room, channel.nextGrant());
  }

  void fetch(long t) {
    long start = channel.grant(t, beatsPerBurst);
    for (int k = 0; k < beatsPerBurst; k++) {
      long onChannel = channel.beat(start, k);
      long firstByte = (long) (burstInGroup * beatsPerBurst + k) * width;
      for (int i = 0; i < GROUP; i++) {
        long lastByteOfEntry = (long) (i + 1) * entryBytes - 1;
        if (lastByteOfEntry >= firstByte && lastByteOfEntry < firstByte + width) {
          arrival[group * GROUP + i] = onChannel + 1;
        }
      }
    }
    if (burstInGroup == 0) {
      account.add(groupLayer[group], SystolicCounter.READ_BEATS, groupBeats);
    }
    nextFetch = t + 1;
    if (++burstInGroup == groupBursts) {
      burstInGroup = 0;
      group++;
    }
    expand();
  }

  /** Takes the words that have been asked for, up to the end of the next instruction. */
  private void expand() {
    while (complete == 0) {
      int entry = nextWord * WORD_BYTES / entryBytes;
      if (entry >= arrival.length || arrival[entry] == 0) {
        return;
      }
      lastWord = Math.max(lastWord + 1, arrival[entry]);
      nextWord++;
      if (nextWord * WORD_BYTES % entryBytes == 0) {
        left[entry] = lastWord;
      }
      if (nextWord == wordEnds[expanding]) {
        complete = lastWord + 1;
        expanding++;
      }
    }
  }

  boolean atHalt() {
    return times.unit[nextDispatch] == Unit.NONE;
  }

  /** First cycle in which the next instruction can be dispatched. */
  long dispatchTime() {
    if (complete == 0 || atHalt()) {
      return Event.NEVER;
    }
    return Math.max(
        Math.max(lastDispatch + 1, complete), queues[times.unit[nextDispatch].ordinal()].room());
  }

  void dispatch(long t) {
    int i = nextDispatch++;
    queues[times.unit[i].ordinal()].enter();
    times.dispatch[i] = t;
    int layer = times.layer[i];
    long from = account.span(layer, SystolicCounter.DISPATCH_FETCH, lastDispatch + 1, complete);
    account.span(layer, SystolicCounter.DISPATCH_QUEUE, from, t);
    account.add(layer, SystolicCounter.DISPATCH_BUSY, 1);
    account.add(layer, SystolicCounter.INSTRUCTIONS, 1);
    lastDispatch = t;
    lastWord = t - 1; // the next header can be taken in this cycle
    complete = 0;
    expand();
  }

  boolean haltArrived() {
    return atHalt() && complete != 0;
  }

  /** Ends the run: the cycle in which HALT is done, given the last retirement. */
  long halt(long lastRetire) {
    int i = nextDispatch;
    long done = Math.max(Math.max(complete, lastDispatch + 1), lastRetire + 1);
    int layer = times.layer[i];
    long from = account.span(layer, SystolicCounter.DISPATCH_FETCH, lastDispatch + 1, complete);
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
