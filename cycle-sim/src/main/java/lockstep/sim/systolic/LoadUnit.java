// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.sim.Event;
import lockstep.sim.ProgramFault;
import lockstep.sim.memory.ReadChannel;

/**
 * Load: a request stage that runs ahead and a fill stage that writes one piece a cycle.
 *
 * <pre>
 * accept t   tokens, request stage idle, fewer than 4 descriptors in the fill queue
 * request    from t+1, one burst a grant, at most O bursts not yet popped
 * take u     first cycle from t+1 in which the fill stage is idle or emits its last piece
 * piece      from u+1, one a cycle; a piece that needs a new beat pops one a cycle, from one cycle
 *            after the beat was on the R channel, and is emitted with the beat that completes it
 * retire     one cycle after the last piece
 * </pre>
 */
final class LoadUnit {
  private static final int FILL_QUEUE = 4;

  private final ProgramTimes times;
  private final UnitQueue queue;
  private final ReadChannel channel;
  private final Account account;
  private final Tokens fromExecute;
  private final Tokens fromStore;
  private final Tokens toExecute;
  private final Tokens toStore;
  private final Pieces pieces;
  private final int width;
  private final int burstBeats;
  private final int outstanding;

  // request stage
  private int requesting = -1;
  private long requestFree;
  private int line;
  private long nextBeat;
  private long lastBeat;

  // bursts in flight: a ring of `outstanding` entries
  private final long[] burstStart;
  private final int[] burstLength;
  private final long[] released;
  private long granted;
  private long popping;
  private int poppedOfBurst;

  // fill stage
  private final int[] fillQueue = new int[FILL_QUEUE];
  private final long[] takenAt = new long[FILL_QUEUE];
  private final long[] queuedAt = new long[FILL_QUEUE];
  private final long[] executeAt = new long[FILL_QUEUE];
  private final long[] storeAt = new long[FILL_QUEUE];
  private long described;
  private long taken;
  private int filling = -1;
  private long lastPiece = -1;
  private long activeFrom;
  private long emitted;
  private int l;
  private int x;
  private int h;
  private int sub;
  private long current;
  private long time;
  private int judged;
  private boolean follows;

  LoadUnit(
      SystolicArchitecture a,
      ProgramTimes times,
      UnitQueue queue,
      ReadChannel channel,
      Account account,
      Tokens fromExecute,
      Tokens fromStore,
      Tokens toExecute,
      Tokens toStore) {
    this.times = times;
    this.queue = queue;
    this.channel = channel;
    this.account = account;
    this.fromExecute = fromExecute;
    this.fromStore = fromStore;
    this.toExecute = toExecute;
    this.toStore = toStore;
    width = a.dma().widthBytes();
    pieces = new Pieces(a.array().rows(), width);
    burstBeats = a.dma().burstBeats();
    outstanding = a.dma().outstandingRequests();
    burstStart = new long[outstanding];
    burstLength = new int[outstanding];
    released = new long[outstanding];
  }

  long acceptTime() {
    int i = queue.head();
    if (i < 0 || requesting >= 0) {
      return Event.NEVER;
    }
    Load load = (Load) times.instructions[i];
    long t = Math.max(queue.headSince(), requestFree);
    t = Math.max(t, fromExecute.available(load.waitExecute()));
    t = Math.max(t, fromStore.available(load.waitStore()));
    if (described >= FILL_QUEUE) {
      long leaver = described - FILL_QUEUE;
      t = leaver < taken ? Math.max(t, takenAt[(int) (leaver % FILL_QUEUE)] + 1) : Event.NEVER;
    }
    return t;
  }

  void accept(long t) {
    int i = queue.head();
    Load load = (Load) times.instructions[i];
    int slot = (int) (described % FILL_QUEUE);
    queuedAt[slot] = queue.headSince();
    executeAt[slot] = fromExecute.available(load.waitExecute());
    storeAt[slot] = fromStore.available(load.waitStore());
    fromExecute.take(load.waitExecute(), t);
    fromStore.take(load.waitStore(), t);
    queue.accept(t);
    fillQueue[slot] = i;
    described++;
    requestFree = t + 1;
    if (hasRun(load)) {
      requesting = i;
      line = load.firstLine();
      startRun(load);
    }
    fill();
  }

  /** First cycle in which the request stage can be granted its next burst. */
  long grantTime() {
    if (requesting < 0) {
      return Event.NEVER;
    }
    long t = Math.max(requestFree, channel.nextGrant());
    if (granted >= outstanding) {
      long oldest = granted - outstanding;
      if (oldest >= popping) {
        return Event.NEVER;
      }
      t = Math.max(t, released[(int) (oldest % outstanding)] + 1);
    }
    return t;
  }

  /** Grants a burst; true if no load was finished by it, so that only this unit has changed. */
  boolean grant(long t) {
    long finishedBefore = taken;
    int fillingBefore = filling;
    Load load = (Load) times.instructions[requesting];
    long end = Math.min(lastBeat, nextBeat | (burstBeats - 1));
    int beats = (int) (end - nextBeat + 1);
    int slot = (int) (granted % outstanding);
    burstStart[slot] = channel.grant(t, beats);
    burstLength[slot] = beats;
    granted++;
    account.add(times.layer[requesting], SystolicCounter.READ_BEATS, beats);
    requestFree = t + 1;
    nextBeat = end + 1;
    if (nextBeat > lastBeat) {
      if (++line < realEnd(load)) {
        startRun(load);
      } else {
        requesting = -1;
      }
    }
    fill();
    return taken == finishedBefore && filling == fillingBefore;
  }

  private static int realEnd(Load load) {
    return Math.min(load.lines(), load.lastLine());
  }

  private static boolean hasRun(Load load) {
    return load.firstLine() < realEnd(load) && load.firstByte() < load.lastByte();
  }

  private void startRun(Load load) {
    long address = (load.dramAddress() + (long) line * load.lineStride()) & 0xffff_ffffL;
    nextBeat = (address + load.firstByte()) / width;
    lastBeat = (address + load.lastByte() - 1) / width;
  }

  /** Advances the fill stage as far as the granted bursts allow. */
  private void fill() {
    while (true) {
      if (filling < 0) {
        if (taken == described) {
          return;
        }
        int slot = (int) (taken % FILL_QUEUE);
        filling = fillQueue[slot];
        long accepted = times.accept[filling];
        long take = Math.max(accepted + 1, lastPiece);
        takenAt[slot] = take;
        taken++;
        Load load = (Load) times.instructions[filling];
        int layer = times.layer[filling];
        account.waiting(
            layer,
            lastPiece + 1,
            accepted + 1,
            queuedAt[slot],
            executeAt[slot],
            storeAt[slot],
            SystolicCounter.LOAD_IDLE,
            SystolicCounter.LOAD_TOKEN_EXECUTE,
            SystolicCounter.LOAD_TOKEN_STORE,
            SystolicCounter.LOAD_START);
        account.span(
            layer, SystolicCounter.LOAD_START, Math.max(lastPiece, accepted) + 1, take + 1);
        activeFrom = take + 1;
        time = take;
        emitted = 0;
        l = 0;
        judged = -1;
        x = 0;
        h = 0;
        sub = 0;
        current = -1;
        account.add(
            layer,
            load.parameters()
                ? SystolicCounter.PARAMETER_WRITES
                : SystolicCounter.SCRATCHPAD_WRITES,
            pieces.ofLoad(load));
      }
      if (!pieces()) {
        return;
      }
      finish();
    }
  }

  /** Emits pieces; false when the next one needs a beat that has not been granted. */
  private boolean pieces() {
    Load load = (Load) times.instructions[filling];
    int bytes = load.bytes();
    int first = load.firstByte();
    int last = load.lastByte();
    int realEnd = realEnd(load);
    for (; l < load.lines(); l++) {
      boolean real = l >= load.firstLine() && l < realEnd && first < last;
      if (!real) {
        long lot = pieces.ofLine(load, l);
        emitted += lot;
        time += lot;
        continue;
      }
      long address = (load.dramAddress() + (long) l * load.lineStride()) & 0xffff_ffffL;
      if (judged != l) {
        judged = l;
        follows = piecesFollowBeats(load, address);
      }
      if (follows) {
        if (popping == granted) {
          return false;
        }
        int lot = bytes;
        int step = load.windows() == 1 ? lot : load.step();
        if (current < 0) {
          time += first / step * (lot / width);
        }
        if (!beats((last - first) / width)) {
          return false;
        }
        time += (load.windows() - (last - lot) / step - 1) * (lot / width);
        emitted += load.windows() * (lot / width);
        continue;
      }
      long base = (address + first) / width;
      int copies = Pieces.lastCopy(load, l) + 1;
      for (; x < load.windows(); x++) {
        for (h = Math.max(h, Pieces.firstCopy(load, l)); h < copies; h++) {
          int offset = x * load.step();
          int piece;
          for (; sub < bytes; sub += piece) {
            piece = pieces.bytes(load, h, sub);
            int only = first + x;
            int from = Math.max(offset + sub, load.diagonal() ? only : first);
            int to = Math.min(offset + sub + piece, last);
            to = load.diagonal() ? Math.min(to, only + 1) : to;
            long t = time + 1;
            if (from < to) {
              long need = (address + to - 1) / width - base;
              while (current < need) {
                if (popping == granted) {
                  return false;
                }
                int slot = (int) (popping % outstanding);
                time = Math.max(time + 1, channel.beat(burstStart[slot], poppedOfBurst) + 1);
                current++;
                if (++poppedOfBurst == burstLength[slot]) {
                  released[slot] = time;
                  popping++;
                  poppedOfBurst = 0;
                }
                t = time;
              }
            }
            time = t;
            emitted++;
          }
          sub = 0;
        }
        h = 0;
      }
      x = 0;
      if (current != (address + last - 1) / width - base) {
        throw new ProgramFault("load " + filling + " leaves bytes of a line unread");
      }
      current = -1;
    }
    return true;
  }

  /**
   * Whether windows are aligned stretches, all of their bytes real or none, in the order of the
   * line: then each real piece is emitted with the beat that it is, and each other beat of the line
   * is popped on the way.
   */
  private boolean piecesFollowBeats(Load load, long address) {
    int lot = load.bytes();
    int step = load.windows() == 1 ? lot : load.step();
    return !load.diagonal()
        && load.copies() == 1
        && load.rowEndStep() == 0
        && step >= lot
        && isAligned(load.bytes())
        && isAligned(step)
        && isAligned(address)
        && isMultiple(load.firstByte(), step)
        && isMultiple(load.lastByte() - lot, step)
        && load.lastByte() <= (load.windows() - 1) * step + lot;
  }

  private static boolean isMultiple(int bytes, int step) {
    return bytes == 0 || bytes % step == 0;
  }

  private boolean isAligned(long bytes) {
    return (bytes & (width - 1)) == 0; // the width is a power of two
  }

  /**
   * Pops the beats of such a line burst by burst: of m beats that arrive one a cycle at the most,
   * the last is popped at max(time + m, its arrival + 1).
   */
  private boolean beats(int inLine) {
    while (current + 1 < inLine) {
      if (popping == granted) {
        return false;
      }
      int slot = (int) (popping % outstanding);
      int left = burstLength[slot] - poppedOfBurst;
      int m = (int) Math.min(left, inLine - (current + 1));
      poppedOfBurst += m;
      time = Math.max(time + m, channel.beat(burstStart[slot], poppedOfBurst - 1) + 1);
      current += m;
      if (poppedOfBurst == burstLength[slot]) {
        released[slot] = time;
        popping++;
        poppedOfBurst = 0;
      }
    }
    current = -1;
    return true;
  }

  private void finish() {
    int i = filling;
    Load load = (Load) times.instructions[i];
    int layer = times.layer[i];
    account.add(layer, SystolicCounter.LOAD_BUSY, emitted);
    account.add(layer, SystolicCounter.LOAD_MEMORY, time + 1 - activeFrom - emitted);
    lastPiece = time;
    times.retire(i, time + 1);
    if (load.signalExecute()) {
      toExecute.push(time + 1);
    }
    if (load.signalStore()) {
      toStore.push(time + 1);
    }
    filling = -1;
  }

  /** Accounts the cycles after the last load, up to the end of the run. */
  void end(long cycles, int layer) {
    account.span(layer, SystolicCounter.LOAD_IDLE, lastPiece + 1, cycles);
  }
}
