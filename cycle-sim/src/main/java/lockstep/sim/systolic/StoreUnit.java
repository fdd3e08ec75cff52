// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicInstruction.Store;
import lockstep.sim.Event;

/**
 * Store: a pipeline from accumulator rows to beats, a write FIFO, and bursts to memory.
 *
 * <pre>
 * pixel i of line y begins at v0 = i S + y, S = max(taps, chunks), after each line one flush slot
 * chunk h is packed at v0 + S + 6 + h; a completed beat is in the FIFO one cycle later
 * the pipeline stands still while the FIFO is full
 * beat leaves when its burst was granted before and the memory has write credit
 * retire: the response to the last burst, L + 1 cycles after its last beat was accepted; of a store
 *     on chip the cycle after its last flush slot; always after the store before it
 * </pre>
 */
final class StoreUnit {
  private static final int PIPELINE = 6;
  private static final int UNRETIRED = 4;

  private final ProgramTimes times;
  private final UnitQueue queue;
  private final Account account;
  private final Tokens fromLoad;
  private final Tokens fromExecute;
  private final Tokens toLoad;
  private final Tokens toExecute;
  private final int width;
  private final int burstBeats;
  private final int outstanding;
  private final int chunkBytes;
  private final int latency;
  private final int rate;
  private final long creditLimit;

  private final long[] popped;
  private final long[] responses;
  private final long[] retired = new long[UNRETIRED];
  private long beats;
  private long bursts;
  private long lastAccepted;
  private long credit;
  private long lastGrant = -1;
  private long readStageEnd = -1;
  private long fullUntil = -1;
  private long lastRetire = -1;
  private long frozen;
  private int count;

  StoreUnit(
      SystolicArchitecture a,
      ProgramTimes times,
      UnitQueue queue,
      Account account,
      Tokens fromLoad,
      Tokens fromExecute,
      Tokens toLoad,
      Tokens toExecute) {
    this.times = times;
    this.queue = queue;
    this.account = account;
    this.fromLoad = fromLoad;
    this.fromExecute = fromExecute;
    this.toLoad = toLoad;
    this.toExecute = toExecute;
    width = a.dma().widthBytes();
    burstBeats = a.dma().burstBeats();
    outstanding = a.dma().outstandingRequests();
    chunkBytes = Math.min(a.postProcessing().lanes(), Math.min(width, a.array().cols()));
    latency = a.memory().latencyCycles();
    rate = a.memory().bytesPerCycle();
    creditLimit = Math.max(width, rate);
    popped = new long[2 * burstBeats];
    responses = new long[outstanding];
  }

  long acceptTime() {
    int i = queue.head();
    if (i < 0) {
      return Event.NEVER;
    }
    Store s = (Store) times.instructions[i];
    long t = Math.max(queue.headSince(), Math.max(readStageEnd, lastGrant) + 1);
    t = Math.max(t, fromLoad.available(s.waitLoad()));
    t = Math.max(t, fromExecute.available(s.waitExecute()));
    if (count >= UNRETIRED) {
      t = Math.max(t, retired[count % UNRETIRED] + 1);
    }
    return t;
  }

  void accept(long t) {
    int i = queue.head();
    Store s = (Store) times.instructions[i];
    int layer = times.layer[i];
    waitingFor(s, layer, t);
    fromLoad.take(s.waitLoad(), t);
    fromExecute.take(s.waitExecute(), t);
    queue.accept(t);

    int chunks = (s.channels() + chunkBytes - 1) / chunkBytes;
    int taps = s.poolH() * s.poolW();
    int slot = Math.max(taps, chunks);
    long slots = (long) s.nY() * s.nX() * slot + s.nY() - 1 + slot + PIPELINE;
    long base = t + 1;
    frozen = Math.max(0, fullUntil - t);
    long done;
    if (s.onChip()) {
      account.add(layer, SystolicCounter.SCRATCHPAD_STORES, (long) s.nY() * s.nX() * chunks);
      done = base + slots + frozen + 1;
    } else {
      long beatsBefore = beats;
      done = write(s, base, slot, slots);
      account.add(layer, SystolicCounter.WRITE_BEATS, beats - beatsBefore);
    }
    readStageEnd = base + slots + frozen;
    account.add(layer, SystolicCounter.STORE_BUSY, slots + 1);
    account.add(layer, SystolicCounter.STORE_WRITE, frozen);
    account.add(layer, SystolicCounter.OUTPUT_READS, countingTaps(s));
    if (s.residual()) {
      account.add(layer, SystolicCounter.RESIDUAL_READS, (long) s.nY() * s.nX());
    }
    lastRetire = Math.max(done, lastRetire + 1);
    retired[count++ % UNRETIRED] = lastRetire;
    times.retire(i, lastRetire);
    if (s.signalLoad()) {
      toLoad.push(lastRetire);
    }
    if (s.signalExecute()) {
      toExecute.push(lastRetire);
    }
  }

  /**
   * Writes to memory, adds to {@link #frozen} what the write FIFO makes the pipeline stand still.
   *
   * @param base cycle in which pipeline time begins
   * @param slots pipeline time of the last flush
   * @return cycle of the response to the last burst
   */
  private long write(Store s, long base, int slot, long slots) {
    long lineBytes = (long) s.nX() * s.channels();
    long standstill = 0;
    long lastSlot = 0;
    long grant = Math.max(lastGrant, base - 1);
    long response = 0;
    int fifo = popped.length;
    int ring = (int) (beats % fifo);
    for (int y = 0; y < s.nY(); y++) {
      long address = (s.dramAddress() + (long) y * s.lineStride()) & 0xffff_ffffL;
      long first = address / width;
      long last = (address + lineBytes - 1) / width;
      long lineStart = (long) y * s.nX() * slot + y + slot + PIPELINE;
      int byteOfPixel = (int) ((first + 1) * width - address) - 1;
      long pixelStart = lineStart;
      long flush = lineStart + (long) s.nX() * slot;
      for (long beat = first; beat <= last; ) {
        long burstEnd = Math.min(last, beat | (burstBeats - 1));
        grant++;
        int request = (int) (bursts % outstanding);
        if (bursts >= outstanding) {
          grant = Math.max(grant, responses[request] + 1);
        }
        for (; beat <= burstEnd; beat++) {
          while (byteOfPixel >= s.channels()) {
            byteOfPixel -= s.channels();
            pixelStart += slot;
          }
          int chunk = byteOfPixel < chunkBytes ? 0 : byteOfPixel / chunkBytes;
          long v = pixelStart < flush ? pixelStart + chunk : flush;
          byteOfPixel += width;
          long push = base + v + frozen;
          long pop = Math.max(Math.max(push, grant) + 1, creditTime());
          takeCredit(pop);
          popped[ring] = pop;
          ring = ring + 1 == fifo ? 0 : ring + 1;
          beats++;
          lastSlot = v;
          standstill = 0;
          if (beats >= fifo) {
            fullUntil = popped[ring];
            standstill = Math.max(0, fullUntil - push);
            frozen += standstill;
          }
        }
        response = lastAccepted + 1 + latency;
        responses[request] = response;
        bursts++;
      }
    }
    if (lastSlot == slots) {
      frozen -= standstill;
    }
    lastGrant = grant;
    return response;
  }

  private void waitingFor(Store s, int layer, long t) {
    long from = readStageEnd + 1;
    long queued = queue.headSince();
    from =
        account.span(
            layer,
            SystolicCounter.STORE_RESPONSE,
            from,
            Math.min(Math.min(t + 1, queued), lastRetire + 1));
    account.waiting(
        layer,
        from,
        t + 1,
        queued,
        fromLoad.available(s.waitLoad()),
        fromExecute.available(s.waitExecute()),
        SystolicCounter.STORE_IDLE,
        SystolicCounter.STORE_TOKEN_LOAD,
        SystolicCounter.STORE_TOKEN_EXECUTE,
        SystolicCounter.STORE_START);
  }

  private long creditTime() {
    if (beats == 0) {
      return 0;
    }
    return lastAccepted + (rate >= width ? 1 : Math.max(1, Math.ceilDiv(width - credit, rate)));
  }

  /** At a rate of a beat a cycle or more, credit never runs short and is not counted. */
  private void takeCredit(long t) {
    if (rate < width) {
      countCredit(t);
    }
    lastAccepted = t;
  }

  private void countCredit(long t) {
    credit = beats == 0 ? creditLimit : Math.min(creditLimit, credit + rate * (t - lastAccepted));
    credit -= width;
  }

  private static long countingTaps(Store s) {
    return counting(s.nY(), s.poolH(), s.strideY(), s.padY(), s.tileH())
        * counting(s.nX(), s.poolW(), s.strideX(), s.padX(), s.tileW());
  }

  private static long counting(int outputs, int pool, int stride, int pad, int tile) {
    long total = 0;
    for (int o = 0; o < outputs; o++) {
      int from = Math.max(0, o * stride - pad);
      int to = Math.min(tile, o * stride - pad + pool);
      total += Math.max(0, to - from);
    }
    return total;
  }

  /**
   * Accounts the cycles after the last instruction, up to the end of the run. A last line that ends
   * on a beat may have its response, and the run its end, before its empty flush slot is over.
   */
  void end(long cycles, int layer) {
    account.add(layer, SystolicCounter.STORE_BUSY, -Math.max(0, readStageEnd + 1 - cycles));
    long from =
        account.span(
            layer,
            SystolicCounter.STORE_RESPONSE,
            readStageEnd + 1,
            Math.min(cycles, lastRetire + 1));
    account.span(layer, SystolicCounter.STORE_IDLE, from, cycles);
  }
}
