// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import static lockstep.isa.InstructionStream.WORD_BYTES;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.Event;
import lockstep.sim.memory.InstructionFetch;
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
  private final ProgramTimes times;
  private final InstructionFetch fetch;
  private final Account account;
  private final UnitQueue[] queues;
  private final int entryBytes;

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
    this.account = account;
    this.queues = queues;
    entryBytes = SystolicIsa.entryBytes(a);
    wordEnds = new int[times.ends.length];
    for (int i = 0; i < wordEnds.length; i++) {
      wordEnds[i] = times.ends[i] / WORD_BYTES;
    }
    var sizes =
        new InstructionFetch.Sizes(
            times.ends[times.ends.length - 1],
            entryBytes,
            a.queues().fetchDepth(),
            a.dma().widthBytes(),
            a.dma().burstBeats());
    int[] groupLayer = new int[sizes.groups()];
    int instruction = 0;
    for (int g = 0; g < groupLayer.length; g++) {
      while (times.ends[instruction] <= g * sizes.groupBytes()) {
        instruction++;
      }
      groupLayer[g] = times.layer[instruction];
    }
    int beats = sizes.groupBeats();
    fetch =
        new InstructionFetch(
            sizes, channel, g -> account.add(groupLayer[g], SystolicCounter.READ_BEATS, beats));
  }

  /** First cycle in which fetch asks for its next burst. */
  long fetchTime() {
    return fetch.time();
  }

  void fetch(long t) {
    fetch.grant(t);
    expand();
  }

  /** Takes the words that have been asked for, up to the end of the next instruction. */
  private void expand() {
    while (complete == 0) {
      int entry = nextWord * WORD_BYTES / entryBytes;
      long arrived = fetch.arrived(entry);
      if (arrived == 0) {
        return;
      }
      lastWord = Math.max(lastWord + 1, arrived);
      nextWord++;
      if (nextWord * WORD_BYTES % entryBytes == 0) {
        fetch.leaves(entry, lastWord);
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
