// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;

/**
 * Cycles of a mapping by formula, for comparing mappings only: the simulator's cycles are the ones
 * reported. Each unit's busy cycles are counted as the timing contract gives them; units overlap
 * except where a buffer has room for one chunk only.
 *
 * @param cycles the estimate
 * @param execute busy cycles of the stream stage
 * @param load cycles of the load unit
 * @param store cycles of the store unit
 * @param readBytes bytes read from memory
 */
record MappingCost(long cycles, long execute, long load, long store, long readBytes) {

  /** Price of an instruction, so that of two equal mappings the one with fewer steps wins. */
  private static final int CYCLES_PER_INSTRUCTION = 1;

  /** The parts of the problem that all mappings of a search share. */
  record Problem(
      SystolicArchitecture arch,
      Contraction c,
      int slabs,
      int blocks,
      int lastBlockWidth,
      int lanesPixels,
      int lastLanesPixels,
      int piecesPixels,
      int lanesPatches,
      int lastLanesPatches,
      int piecesPatches,
      boolean sums) {}

  /**
   * What depends on the tile size only.
   *
   * @param tiles pixel tiles of all images of a slab
   * @param execute busy cycles of the stream stage for a slab
   * @param planeRows rows of one reduction tile, summed over the pixel tiles
   * @param planeBeats beats of one reduction tile, summed over the pixel tiles
   * @param storeCycles cycles of the store unit for a slab
   * @param largestPlane rows of one reduction tile of the largest pixel tile
   * @param leastCycles no mapping with this tile takes fewer
   */
  record Tiling(
      long tiles,
      long execute,
      long planeRows,
      long planeBeats,
      long storeCycles,
      long largestPlane,
      long leastCycles) {

    static Tiling of(Problem p, boolean patches, Dataflow dataflow, int tileH, int tileW) {
      SystolicArchitecture a = p.arch();
      Contraction c = p.c();
      int rows = a.array().rows();
      int cols = a.array().cols();
      int width = a.dma().widthBytes();
      int lanes = patches ? p.lanesPatches() : p.lanesPixels();
      int lastLanes = patches ? p.lastLanesPatches() : p.lastLanesPixels();
      int taps = patches ? 1 : c.window().kernelH() * c.window().kernelW();
      boolean hold = p.sums() && !patches && dataflow == Dataflow.WS;
      int images = c.right() == null ? c.images() : 1;
      int outH = c.output().h();
      int outW = c.output().w();
      int tilesY = Math.ceilDiv(outH, tileH);
      int tilesX = Math.ceilDiv(outW, tileW);
      long execute = 0;
      long planeRows = 0;
      long planeBeats = 0;
      long storeCycles = 0;
      long largestPlane = 0;
      int poolTaps = c.pool().kernelH() * c.pool().kernelW();
      int chunkBytes = Math.min(a.postProcessing().lanes(), Math.min(width, cols));
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
          largestPlane = Math.max(largestPlane, plane.rows());
          long slots = (long) h * w * Math.max(poolTaps, Math.ceilDiv(cols, chunkBytes)) + 12;
          storeCycles +=
              count * Math.max(slots, Math.ceilDiv((long) h * w * cols, writeRate)) * p.blocks();
        }
      }
      return new Tiling(
          (long) tilesY * tilesX * images,
          execute,
          planeRows,
          planeBeats,
          storeCycles,
          largestPlane,
          Math.max(execute, storeCycles) * p.slabs());
    }
  }

  static MappingCost of(Problem p, Mapping m, Tiling t) {
    SystolicArchitecture a = p.arch();
    Contraction c = p.c();
    int rows = a.array().rows();
    int cols = a.array().cols();
    int width = a.dma().widthBytes();
    int lanes = m.patches() ? p.lanesPatches() : p.lanesPixels();
    int lastLanes = m.patches() ? p.lastLanesPatches() : p.lastLanesPixels();
    int pieces = m.patches() ? p.piecesPatches() : p.piecesPixels();
    int taps = m.patches() ? 1 : c.window().kernelH() * c.window().kernelW();
    boolean hold = p.sums() && !m.patches() && m.dataflow() == Dataflow.WS;
    long tiles = t.tiles();
    int chunks = Math.ceilDiv(lanes, m.chunk());
    int groups = Math.ceilDiv(p.blocks(), m.group());
    int bankRows = a.scratchpad().rowsPerBank();
    long chunkRows = Math.min(lanes, m.chunk()) * t.largestPlane();
    int weightTaps = hold ? 1 : taps;
    long weightChunk =
        (long) (m.chunk() >= lanes ? (lanes - 1) * rows + lastLanes : m.chunk() * rows)
            * weightTaps
            * Math.min(m.group(), p.blocks());
    long aSlots = (long) m.activationBanks() * bankRows / chunkRows;
    long wSlots = (long) m.weightBanks() * bankRows / weightChunk;
    long aTimes;
    long wTimes;
    if (m.weightsOuter()) {
      aTimes = tiles * chunks <= aSlots ? 1 : groups;
      wTimes = chunks <= wSlots ? 1 : tiles;
    } else {
      aTimes = chunks <= aSlots ? 1 : groups;
      wTimes = (long) groups * chunks <= wSlots ? 1 : tiles;
    }
    long weightRows = ((long) (lanes - 1) * rows + lastLanes) * weightTaps * p.blocks();
    int weightPieces = Math.ceilDiv(cols, width);
    double readRate = Math.min(width, a.memory().bytesPerCycle());
    long weightBytes = weightRows * Math.min(cols, c.outChannels());
    long aLoads = t.planeRows() * pieces * aTimes;
    long wLoads = weightRows * weightPieces * wTimes;
    long loadInstructions =
        tiles * pieces * aTimes + (long) groups * chunks * wTimes * 2 + groups * tiles;
    long residualRows =
        c.out().residual() == null
            ? 0
            : (long) c.output().h() * c.output().w() * c.images() * p.blocks();
    long load = aLoads + wLoads + residualRows * weightPieces + 2 * loadInstructions;
    long readBytes =
        t.planeBeats() * width * pieces * aTimes + weightBytes * wTimes + residualRows * cols;
    load = Math.max(load, (long) (readBytes / readRate) + loadInstructions);

    long execute = t.execute() * p.slabs();
    load *= p.slabs();
    long store = t.storeCycles() * p.slabs();
    long latency = a.memory().latencyCycles();
    long firstLoad = chunkRows * pieces / lanes + weightChunk * weightPieces;
    long lastExecute = t.execute() / Math.max(1, tiles * groups * chunks);
    long lastStore = t.storeCycles() / Math.max(1, tiles * groups);
    long fillAndDrain = 2 * latency + rows + cols + lastStore;
    boolean serialLoads =
        (aSlots < 2 && aTimes * tiles * chunks > 1)
            || (wSlots < 2 && wTimes * groups * chunks * p.slabs() > 1);
    boolean serialStores = a.accumulator().banks() < 2;
    long cycles = serialLoads ? execute + load : Math.max(execute + firstLoad, load + lastExecute);
    cycles = serialStores ? cycles + store : Math.max(cycles, store + firstLoad + lastExecute);
    long executes = tiles * groups * chunks * Math.min(m.group(), p.blocks());
    long instructions = p.slabs() * (executes + loadInstructions + tiles * p.blocks());
    return new MappingCost(
        cycles + fillAndDrain + CYCLES_PER_INSTRUCTION * instructions,
        execute,
        load,
        store,
        readBytes * p.slabs());
  }

  /** Beats of one reduction tile's plane. */
  private static long beats(Contraction c, InputPlane plane, boolean patches, int width, int rows) {
    int bytes = patches ? c.inChannels() : Math.min(rows, c.inChannels());
    long line = (long) plane.w() * plane.pixelStep() * bytes;
    return plane.h() * Math.ceilDiv(line, width);
  }
}
