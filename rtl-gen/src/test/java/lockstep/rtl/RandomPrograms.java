// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.Random;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.program.Program;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * Seeded programs that keep the rules of the timing contract: rounds of loads, executes and stores
 * over two halves of each bank, ordered by tokens, so that neighbouring rounds overlap.
 */
final class RandomPrograms {
  private static final int MEMORY = 1 << 19;

  private final Random random;
  private final SystolicArchitecture a;
  private final ProgramBuilder program;
  private final int half;
  private final int accHalf;
  private int output;

  private RandomPrograms(SystolicArchitecture a, long seed) {
    this.a = a;
    random = new Random(seed);
    program = new ProgramBuilder(a, MEMORY);
    half = a.scratchpad().rowsPerBank() / 2;
    accHalf = a.accumulator().rowsPerBank();
  }

  static Program of(SystolicArchitecture a, int rounds, long seed) {
    return new RandomPrograms(a, seed).build(rounds);
  }

  private Program build(int rounds) {
    int data = program.dataStart(rounds * 20);
    byte[] bytes = new byte[MEMORY / 4];
    random.nextBytes(bytes);
    program.data(data, bytes);
    output = data + bytes.length + upTo(64);
    boolean oneBank = a.accumulator().banks() == 1;
    for (int r = 0; r < rounds; r++) {
      int parity = r & 1;
      int back = oneBank ? 1 : 2;
      int loads = 1 + upTo(3);
      for (int i = 0; i < loads; i++) {
        boolean last = i == loads - 1;
        program.add(load(data, i, parity, i == 0 && r >= 2 ? 1 : 0, last, last));
      }
      int executes = 1 + upTo(3);
      int tile = 1 + random.nextInt(Math.min(accHalf, 40));
      boolean signalNext = r + back < rounds;
      for (int i = 0; i < executes; i++) {
        boolean first = i == 0;
        program.add(
            execute(parity, oneBank, tile, first, first && r >= back ? 1 : 0, i == executes - 1));
      }
      int stores = 1 + upTo(2);
      for (int i = 0; i < stores; i++) {
        boolean last = i == stores - 1;
        program.add(
            store(parity, oneBank, tile, i == 0, last && r + 2 < rounds, last && signalNext));
      }
    }
    return program.build();
  }

  private int upTo(int n) {
    return random.nextInt(n + 1);
  }

  private boolean flip() {
    return random.nextBoolean();
  }

  private Load load(
      int data, int kind, int parity, int waitStore, boolean signalExecute, boolean signalStore) {
    int port = a.dma().widthBytes();
    int rowEnd = a.array().rows();
    while (true) {
      boolean parameters = kind == 3 || upTo(7) == 0;
      boolean ends = !parameters && flip();
      int width = ends ? rowEnd : parameters ? 8 * a.array().cols() : a.scratchpad().widthBytes();
      int laneLimit = Math.min(width, a.scratchpad().widthBytes());
      int lane = flip() ? 0 : random.nextInt(laneLimit);
      int lines = 1 + upTo(5);
      int copies = flip() ? 1 : 1 + upTo(lines - 1);
      int laneCopyStep = random.nextInt(ends ? rowEnd : 2);
      int lastLane = lane + (copies - 1) * laneCopyStep;
      if (!ends && lastLane >= width) {
        continue;
      }
      int most = ends ? 4 * rowEnd : Math.min(4095, width - lastLane);
      int bytes = ends && flip() ? 2 * port + 1 + upTo(port) : 1 + random.nextInt(most);
      boolean diagonal = upTo(3) == 0;
      int windows = 1 + upTo(5);
      int step = upTo(flip() ? 4 : 2 * bytes);
      int firstLine = flip() ? 0 : upTo(lines);
      int lastLine = flip() ? lines : upTo(lines + 1);
      int extent = (windows - 1) * step + bytes;
      int firstByte = flip() ? 0 : upTo(Math.min(extent + 3, 2 * bytes));
      int lastByte = diagonal ? firstByte + 1 + upTo(windows - 1) : flip() ? extent : upTo(extent);
      int rows = parameters ? a.postProcessing().parameterRows() / 2 : half;
      int spread = upTo(4); // the closer the rows, the longer a window may be
      int rowStep = upTo(Math.min(2, spread));
      int rowLineStride = upTo(spread);
      int rowCopyStep = upTo(Math.min(2, spread));
      int rowEndStep = ends ? 1 + upTo(spread) : 0;
      int reach =
          (windows - 1) * rowStep
              + (lines - copies) * rowLineStride
              + (copies - 1) * rowCopyStep
              + (lastLane + bytes - 1) / rowEnd * rowEndStep;
      int last = 0;
      for (int h = 0; h < copies; h++) {
        last = Math.max(last, lastPiece(bytes, port, ends ? rowEnd : 0, lane + h * laneCopyStep));
      }
      int back = copies > 1 ? last : windows > 1 ? last - step : 0;
      boolean ordered =
          diagonal
              ? reaches(bytes, step, firstByte, lastByte)
              : firstByte >= lastByte || back <= 2 * port && holds(bytes, windows, step, lastByte);
      if (reach >= rows || !ordered) {
        continue;
      }
      int bank = parameters ? 0 : random.nextInt(3) * a.scratchpad().rowsPerBank();
      int row = bank + parity * rows + random.nextInt(rows - reach);
      int address = data + 20000 + random.nextInt(20000);
      int stride = random.nextInt(2000) - 1000;
      return new Load(
          0,
          waitStore,
          signalExecute,
          signalStore,
          address,
          parameters,
          row,
          lane,
          lines,
          stride,
          rowLineStride,
          windows,
          step,
          rowStep,
          copies,
          rowCopyStep,
          bytes,
          firstLine,
          lastLine,
          firstByte,
          lastByte,
          random.nextInt(256) - 128,
          diagonal,
          laneCopyStep,
          rowEndStep);
    }
  }

  /** Whether the last real byte of a diagonal is in its window. */
  private static boolean reaches(int bytes, int step, int first, int last) {
    int o = (last - 1 - first) * step;
    return o < last && last <= o + bytes;
  }

  /** Where the last piece of a window begins that is written from {@code lane} on. */
  private static int lastPiece(int bytes, int port, int rowEnd, int lane) {
    int begin = 0;
    int ofPiece = 0;
    for (int b = 0; b < bytes; b++) {
      if (ofPiece == port || rowEnd > 0 && b > 0 && (lane + b) % rowEnd == 0) {
        begin = b;
        ofPiece = 0;
      }
      ofPiece++;
    }
    return begin;
  }

  /** Whether some window holds the last real byte. */
  private static boolean holds(int bytes, int windows, int step, int last) {
    boolean held = false;
    for (int x = 0; x < windows; x++) {
      held |= x * step < last && last <= x * step + bytes;
    }
    return held;
  }

  private Execute execute(
      int parity, boolean oneBank, int tile, boolean first, int waitStore, boolean last) {
    while (true) {
      boolean os =
          a.array().dataflows().contains(Dataflow.OS)
              && (flip() || !a.array().dataflows().contains(Dataflow.WS));
      int k = 1 + random.nextInt(a.array().rows());
      int limit = os ? Math.min(tile, a.array().rows()) : tile;
      int nY = 1 + random.nextInt(Math.min(limit, 6));
      int nX = 1 + random.nextInt(Math.max(1, limit / nY));
      int nC = 1 + upTo(2);
      int nFy = 1 + upTo(2);
      int nFx = 1 + upTo(2);
      boolean hold = !os && upTo(4) == 0;
      int sY = upTo(4);
      int sX = upTo(2);
      int sC = upTo(3);
      int sFy = upTo(3);
      int sFx = upTo(2);
      int reach = (nY - 1) * sY + (nX - 1) * sX + (nC - 1) * sC + (nFy - 1) * sFy + (nFx - 1) * sFx;
      int weights = (hold ? 1 : nC * nFy * nFx) * k;
      if (reach >= half || weights > half) {
        continue;
      }
      int rows = a.scratchpad().rowsPerBank();
      int stored = keeps() && flip() ? 3 * rows : 0;
      int aRow = stored + parity * half + random.nextInt(half - reach);
      int wRow = rows + parity * half + random.nextInt(half - weights + 1);
      int accRow = (oneBank ? 0 : parity * rows()) + random.nextInt(tile - nY * nX + 1);
      return new Execute(
          first ? 1 : 0,
          waitStore,
          false,
          last,
          os,
          flip(),
          hold,
          aRow,
          wRow,
          accRow,
          k,
          nY,
          nX,
          sY,
          sX,
          nC,
          nFy,
          nFx,
          sC,
          sFy,
          sFx);
    }
  }

  private int rows() {
    return a.accumulator().rowsPerBank();
  }

  /** Whether a bank is free for what store writes: no load writes there in the same cycle. */
  private boolean keeps() {
    return a.scratchpad().banks() > 3;
  }

  private Store store(
      int parity,
      boolean oneBank,
      int tile,
      boolean first,
      boolean signalLoad,
      boolean signalExecute) {
    while (true) {
      int tileH = 1 + random.nextInt(Math.min(tile, 6));
      int tileW = 1 + random.nextInt(Math.max(1, tile / tileH));
      int poolH = flip() ? 1 : 1 + upTo(2);
      int poolW = flip() ? 1 : 1 + upTo(2);
      int strideY = 1 + upTo(2);
      int strideX = 1 + upTo(2);
      int padY = upTo(poolH - 1);
      int padX = upTo(poolW - 1);
      int nY = 1 + random.nextInt((tileH - 1 + padY) / strideY + 1);
      int nX = 1 + random.nextInt((tileW - 1 + padX) / strideX + 1);
      boolean residual = flip();
      int channels = flip() ? a.array().cols() : 1 + random.nextInt(a.array().cols());
      int residualSkip = upTo(2);
      int residualRows = nY * (nX + residualSkip);
      boolean onChip = keeps() && flip();
      int rowLineStride = upTo(nX + 2);
      int kept = (nY - 1) * rowLineStride + nX;
      if ((residual && residualRows > half) || kept > half) {
        continue;
      }
      int stride = nX * channels + upTo(40);
      int address = output;
      int size = nY * stride + 200;
      if (address + size > MEMORY) {
        throw new IllegalStateException("the output does not fit");
      }
      output += size;
      if (flip()) {
        address += (nY - 1) * stride;
        stride = -stride;
      }
      int rows = a.scratchpad().rowsPerBank();
      int prm = a.postProcessing().parameterRows() / 2;
      int min = random.nextInt(256) - 128;
      int max = min + random.nextInt(128 - min);
      return new Store(
          first ? 1 : 0,
          first ? 1 : 0,
          signalLoad,
          signalExecute,
          address,
          stride,
          (oneBank ? 0 : parity * rows()) + random.nextInt(tile - tileH * tileW + 1),
          parity * prm + random.nextInt(prm),
          residual,
          2 * rows + parity * half + random.nextInt(residual ? half - residualRows + 1 : half),
          nY,
          nX,
          poolH,
          poolW,
          strideY,
          strideX,
          padY,
          padX,
          tileH,
          tileW,
          channels,
          random.nextInt(256) - 128,
          flip() ? -128 : min,
          flip() ? 127 : max,
          random.nextInt(256) - 128,
          residual ? random.nextInt(65536) : 0,
          flip() ? 32768 : random.nextInt(65536),
          upTo(15),
          onChip,
          onChip ? 3 * rows + parity * half + random.nextInt(half - kept + 1) : 0,
          rowLineStride,
          random.nextInt(a.scratchpad().widthBytes() - channels + 1),
          residualSkip);
    }
  }
}
