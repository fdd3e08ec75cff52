// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.Window;

/**
 * Cycles of a mapping by formula, for comparing mappings only: the simulator's cycles are the ones
 * reported. Each unit's busy cycles are counted as the timing contract gives them; units overlap
 * except where a buffer has room for one chunk only.
 *
 * @param cycles the estimate
 * @param execute busy cycles of the stream stage
 * @param load cycles of the load unit
 * @param store cycles of the store unit
 * @param memoryBytes bytes read from memory, instructions included, and written to it
 * @param rate bytes that memory moves a cycle
 */
record MappingCost(long cycles, long execute, long load, long store, long memoryBytes, long rate) {

  /**
   * A byte that memory has time to move costs energy all the same: as much as this part of the time
   * that it takes.
   */
  static final double SHARE_OF_TRAFFIC = 1.0 / 2;

  /** Price of an instruction, so that of two equal mappings the one with fewer steps wins. */
  private static final int CYCLES_PER_INSTRUCTION = 1;

  /** Of the stream, as most instructions have it: a header and two to four words. */
  private static final int INSTRUCTION_BYTES = 16;

  /** What the search keeps small: cycles, and to a small part traffic, in cycles. */
  double score() {
    return cycles + SHARE_OF_TRAFFIC * memoryBytes / rate;
  }

  /** Whether this is the one to take; of equal scores the one with fewer cycles. */
  boolean betterThan(MappingCost o) {
    return score() != o.score() ? score() < o.score() : cycles < o.cycles;
  }

  /**
   * What depends on the tile size only.
   *
   * @param tiles pixel tiles of all images of a slab
   * @param execute busy cycles of the stream stage for a slab
   * @param planeRows rows of one reduction tile, summed over the pixel tiles
   * @param planeBeats beats of one reduction tile, summed over the pixel tiles
   * @param replayBeats beats of all reduction tiles where each input line is read once
   * @param storeCycles cycles of the store unit for a slab
   * @param largestPlane rows of one reduction tile of the largest pixel tile
   * @param leastCycles no mapping with this tile takes fewer
   */
  record Tiling(
      long tiles,
      long execute,
      long planeRows,
      long planeBeats,
      long replayBeats,
      long storeCycles,
      long largestPlane,
      long leastCycles) {

    static Tiling of(MappingProblem p, boolean patches, Dataflow dataflow, int tileH, int tileW) {
      SystolicArchitecture a = p.arch();
      Contraction c = p.c();
      int rows = a.array().rows();
      int cols = a.array().cols();
      int width = a.dma().widthBytes();
      int lanes = p.reduction(patches).tiles();
      int lastLanes = p.reduction(patches).lastLanes();
      int taps = p.taps(patches);
      boolean hold = p.holds(patches, dataflow);
      int images = c.right() == null ? c.images() : 1;
      int outH = c.output().h();
      int outW = c.output().w();
      int tilesY = Math.ceilDiv(outH, tileH);
      int tilesX = Math.ceilDiv(outW, tileW);
      long execute = 0;
      long planeRows = 0;
      long planeBeats = 0;
      long replayBeats = 0;
      long storeCycles = 0;
      long largestPlane = 0;
      int poolTaps = c.pool().kernelH() * c.pool().kernelW();
      int chunkBytes = Math.min(a.postProcessing().lanes(), Math.min(width, cols));
      int kept = p.room().outputs();
      int keptBlocks = kept == c.outChannels() ? p.blocks() : kept / cols;
      int writeRate = Math.min(width, a.memory().bytesPerCycle());
      for (int ey = 0; ey < 2; ey++) {
        int h = ey == 0 ? tileH : outH - (tilesY - 1) * tileH;
        long ny = ey == 0 ? tilesY - 1 : 1;
        for (int ex = 0; ex < 2; ex++) {
          int w = ex == 0 ? tileW : outW - (tilesX - 1) * tileW;
          long count = ny * (ex == 0 ? tilesX - 1 : 1) * images;
          if (count == 0) {
            continue;
          }
          int ch = Math.min(c.convH(), (h - 1) * c.pool().strideH() + c.pool().kernelH());
          int cw = Math.min(c.convW(), (w - 1) * c.pool().strideW() + c.pool().kernelW());
          InputPlane plane = InputPlane.of(c, patches, 0, 0, ch, cw);
          long steps = (long) (lanes - 1) * taps;
          long perBlock;
          if (dataflow == Dataflow.OS) {
            int partW = Math.min(cw, rows);
            int partH = Math.max(1, partW == cw ? rows / cw : 1);
            long parts = (long) Math.ceilDiv(ch, partH) * Math.ceilDiv(cw, partW);
            int pixels = Math.min(partH, ch) * partW;
            perBlock =
                parts
                    * Math.max(
                        Math.max(rows, 3),
                        steps * Math.max(pixels, rows) + (long) taps * Math.max(pixels, lastLanes));
          } else {
            int t = Math.max(ch * cw, 3);
            perBlock =
                steps * Math.max(t, hold ? 3 : rows)
                    + (long) taps * Math.max(t, hold ? 3 : lastLanes);
          }
          execute += count * perBlock * p.blocks();
          planeRows += count * plane.rows();
          planeBeats += count * beats(c, plane, patches, width, rows);
          replayBeats += patches ? replayed(c, ny, ey == 0, ch, cw, width) * count / ny : 0;
          largestPlane = Math.max(largestPlane, plane.rows());
          long slots = (long) h * w * Math.max(poolTaps, Math.ceilDiv(cols, chunkBytes)) + 12;
          long writing = Math.ceilDiv((long) h * w * cols, writeRate);
          storeCycles +=
              count * (slots * keptBlocks + Math.max(slots, writing) * (p.blocks() - keptBlocks));
        }
      }
      return new Tiling(
          (long) tilesY * tilesX * images,
          execute,
          planeRows,
          planeBeats,
          replayBeats,
          storeCycles,
          largestPlane,
          Math.max(execute, storeCycles) * p.slabs());
    }
  }

  static MappingCost of(MappingProblem p, Mapping m, Tiling t) {
    SystolicArchitecture a = p.arch();
    Contraction c = p.c();
    int rows = a.array().rows();
    int cols = a.array().cols();
    int width = a.dma().widthBytes();
    int lanes = p.reduction(m.patches()).tiles();
    int lastLanes = p.reduction(m.patches()).lastLanes();
    int pieces = p.reduction(m.patches()).pieces();
    int taps = p.taps(m.patches());
    boolean hold = p.holds(m.patches(), m.dataflow());
    boolean replays = LayerShape.replays(a, c, m);
    long tiles = t.tiles();
    int chunks = Math.ceilDiv(lanes, m.chunk());
    int groups = Math.ceilDiv(p.blocks(), m.group());
    int bankRows = a.scratchpad().rowsPerBank();
    boolean loads = !p.room().input();
    long chunkRows = loads ? Math.min(lanes, m.chunk()) * t.largestPlane() : 0;
    int weightTaps = hold ? 1 : taps;
    long weightChunk =
        (long) (m.chunk() >= lanes ? (lanes - 1) * rows + lastLanes : m.chunk() * rows)
            * weightTaps
            * Math.min(m.group(), p.blocks());
    long aSlots = loads ? (long) m.activationBanks() * bankRows / chunkRows : Long.MAX_VALUE;
    long wSlots = (long) m.weightBanks() * bankRows / weightChunk;
    long aHeld = m.weightsOuter() ? tiles * chunks : chunks;
    long wHeld = m.weightsOuter() ? chunks : (long) groups * chunks;
    double aTimes = loads ? times(aHeld, aSlots, groups) : 0;
    double wTimes = times(wHeld, wSlots, tiles);
    long weightRows = ((long) (lanes - 1) * rows + lastLanes) * weightTaps * p.blocks();
    int weightPieces = Math.ceilDiv(cols, width);
    double readRate = Math.min(width, a.memory().bytesPerCycle());
    long weightBytes = p.weightBytes(m.patches(), weightTaps);
    long aLoads = (long) (t.planeRows() * pieces * aTimes);
    long wLoads = (long) (weightRows * weightPieces * wTimes);
    long aSteps = (long) (tiles * chunks * aTimes);
    long wSteps = (long) (groups * chunks * wTimes);
    int aInstructions = replays ? Replay.loads(c.window()) : pieces;
    long loadInstructions = (long) (tiles * aInstructions * aTimes) + wSteps * 2 + groups * tiles;
    long residualRows =
        !p.loadsResidual() ? 0 : (long) c.output().h() * c.output().w() * c.images() * p.blocks();
    long executes = tiles * groups * chunks * Math.min(m.group(), p.blocks());
    long instructions = executes + loadInstructions + tiles * p.blocks();
    long fetched = instructions * INSTRUCTION_BYTES;
    long load = aLoads + wLoads + residualRows * weightPieces + 2 * loadInstructions;
    long aBeats = replays ? t.replayBeats() : t.planeBeats() * pieces;
    long aBytes = (long) (aBeats * width * aTimes);
    long wBytes = (long) (weightBytes * wTimes);
    long readBytes = aBytes + wBytes + residualRows * cols;
    load = Math.max(load, (long) ((readBytes + fetched) / readRate) + loadInstructions);

    long execute = t.execute() * p.slabs();
    load *= p.slabs();
    long store = t.storeCycles() * p.slabs();
    long latency = a.memory().latencyCycles();
    long firstLoad = chunkRows * pieces / lanes + weightChunk * weightPieces;
    long lastExecute = t.execute() / Math.max(1, tiles * groups * chunks);
    long lastStore = t.storeCycles() / Math.max(1, tiles * groups);
    long fillAndDrain = 2 * latency + rows + cols + lastStore;
    long serial = 0;
    if (loads && aSlots < 2 && aSteps * p.slabs() > 1) {
      serial += p.slabs() * (Math.max(aLoads, (long) (aBytes / readRate)) + aSteps * latency);
    }
    if (wSlots < 2 && wSteps * p.slabs() > 1) {
      serial += p.slabs() * (Math.max(wLoads, (long) (wBytes / readRate)) + wSteps * latency);
    }
    boolean serialStores = a.accumulator().banks() < 2;
    long cycles = Math.max(execute + serial + firstLoad, load + lastExecute);
    cycles = serialStores ? cycles + store : Math.max(cycles, store + firstLoad + lastExecute);
    return new MappingCost(
        cycles + fillAndDrain + CYCLES_PER_INSTRUCTION * p.slabs() * instructions,
        execute,
        load,
        store,
        (readBytes + fetched) * p.slabs() + Bounds.storedBytes(c, p.room()),
        (long) readRate);
  }

  /**
   * How often each of {@code parts} parts is loaded that are used in turn, {@code rounds} times. Of
   * those that {@link Slots} do not hold all, one slot is in use and one is being filled; the
   * others keep theirs from round to round.
   */
  private static double times(long parts, long slots, long rounds) {
    long again = parts <= slots ? 0 : Math.min(parts, parts - slots + 2);
    return 1 + (double) (rounds - 1) * again / parts;
  }

  /**
   * Beats of the input lines of {@code tiles} tiles one below the other, less what lies above the
   * first or below the last.
   */
  private static long replayed(
      Contraction c, long tiles, boolean first, int resultLines, int results, int width) {
    Window k = c.window();
    int columns = (results - 1) * k.strideW() + k.kernelW();
    boolean whole = columns >= c.inW();
    int bytes = Math.min(columns, c.inW()) * c.inChannels();
    // the part of a line begins anywhere in a beat
    long beats = Math.ceilDiv(whole ? bytes : bytes + width - 1, width);
    long lines = tiles * Replay.lines(k, resultLines) - (first ? k.padTop() : k.padBottom());
    return Math.min(lines, tiles * c.inH()) * beats;
  }

  /** Beats of one reduction tile's plane. */
  private static long beats(Contraction c, InputPlane plane, boolean patches, int width, int rows) {
    int bytes = patches ? c.inChannels() : Math.min(rows, c.inChannels());
    long line = (long) plane.w() * plane.pixelStep() * bytes;
    return plane.h() * Math.ceilDiv(line, width);
  }
}
