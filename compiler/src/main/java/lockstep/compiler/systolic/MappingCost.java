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
      boolean uniformTaps) {}

  static MappingCost of(Problem p, Mapping m) {
    SystolicArchitecture a = p.arch();
    Contraction c = p.c();
    int rows = a.array().rows();
    int cols = a.array().cols();
    int width = a.dma().widthBytes();
    int lanes = m.patches() ? p.lanesPatches() : p.lanesPixels();
    int lastLanes = m.patches() ? p.lastLanesPatches() : p.lastLanesPixels();
    int pieces = m.patches() ? p.piecesPatches() : p.piecesPixels();
    int taps = m.patches() ? 1 : c.window().kernelH() * c.window().kernelW();
    boolean hold =
        p.uniformTaps() && !m.patches() && taps > 1 && m.dataflow() == Dataflow.WS;
    int images = c.right() == null ? c.images() : 1;
    int outH = c.output().h();
    int outW = c.output().w();
    int tilesY = Math.ceilDiv(outH, m.tileH());
    int tilesX = Math.ceilDiv(outW, m.tileW());
    long tiles = (long) tilesY * tilesX * images;
    int chunks = Math.ceilDiv(lanes, m.chunk());
    int groups = Math.ceilDiv(p.blocks(), m.group());

    long execute = 0;
    long planeRows = 0;
    long planeBeatsPerLane = 0;
    long storeSlots = 0;
    long largestPlane = 0;
    int poolTaps = c.pool().kernelH() * c.pool().kernelW();
    int chunkBytes = Math.min(a.postProcessing().lanes(), Math.min(width, cols));
    for (int ey = 0; ey < 2; ey++) {
      int h = ey == 0 ? m.tileH() : outH - (tilesY - 1) * m.tileH();
      long ny = ey == 0 ? tilesY - 1 : 1;
      for (int ex = 0; ex < 2; ex++) {
        int w = ex == 0 ? m.tileW() : outW - (tilesX - 1) * m.tileW();
        long count = ny * (ex == 0 ? tilesX - 1 : 1) * images;
        if (count == 0) {
          continue;
        }
        int ch = Math.min(c.convH(), (h - 1) * c.pool().strideH() + c.pool().kernelH());
        int cw = Math.min(c.convW(), (w - 1) * c.pool().strideW() + c.pool().kernelW());
        InputPlane plane = InputPlane.of(c, m.patches(), 0, 0, ch, cw);
        long steps = (long) (lanes - 1) * taps;
        long perBlock;
        if (m.dataflow() == Dataflow.OS) {
          int partW = Math.min(cw, rows);
          int partH = Math.max(1, partW == cw ? rows / cw : 1);
          long parts = (long) Math.ceilDiv(ch, partH) * Math.ceilDiv(cw, partW);
          int pixels = Math.min(partH, ch) * partW;
          perBlock =
              parts
                  * (Math.max(rows, steps * Math.max(pixels, rows))
                      + (long) taps * Math.max(pixels, lastLanes));
        } else {
          int t = ch * cw;
          int k = hold ? 3 : rows;
          perBlock =
              steps * Math.max(Math.max(t, 3), k)
                  + (long) taps * Math.max(Math.max(t, 3), hold ? 3 : lastLanes);
        }
        execute += count * perBlock * p.blocks();
        planeRows += count * plane.rows();
        planeBeatsPerLane += count * beats(c, plane, m.patches(), width, rows);
        largestPlane = Math.max(largestPlane, plane.rows());
        long outBytes = (long) h * w * cols;
        storeSlots +=
            count
                * Math.max(
                    (long) h * w * Math.max(poolTaps, Math.ceilDiv(cols, chunkBytes)) + 12,
                    Math.ceilDiv(outBytes, Math.min(width, a.memory().bytesPerCycle())))
                * p.blocks();
      }
    }
    int bankRows = a.scratchpad().rowsPerBank();
    long chunkRows = Math.min(lanes, m.chunk()) * largestPlane;
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
    long aLoads = planeRows * pieces * aTimes;
    long wLoads = weightRows * weightPieces * wTimes;
    long loadInstructions =
        tiles * pieces * aTimes + (long) groups * chunks * wTimes * 2 + groups * tiles;
    long residualRows =
        c.out().residual() == null ? 0 : (long) outH * outW * images * p.blocks();
    long load = aLoads + wLoads + residualRows * weightPieces + 2 * loadInstructions;
    long readBytes =
        planeBeatsPerLane * width * pieces * aTimes + weightBytes * wTimes + residualRows * cols;
    load = Math.max(load, (long) (readBytes / readRate) + loadInstructions);

    execute *= p.slabs();
    load *= p.slabs();
    long store = storeSlots * p.slabs();
    long latency = a.memory().latencyCycles();
    long startUp =
        latency + chunkRows * pieces / lanes + weightChunk * weightPieces;
    long drain = latency + storeSlots / Math.max(1, tiles * groups) + rows + cols;
    boolean serialLoads =
        (aSlots < 2 && aTimes * tiles * chunks > 1)
            || (wSlots < 2 && wTimes * groups * chunks * p.slabs() > 1);
    boolean serialStores = a.accumulator().banks() < 2;
    long cycles = serialLoads ? execute + load : Math.max(execute, load);
    cycles = serialStores ? cycles + store : Math.max(cycles, store);
    return new MappingCost(cycles + startUp + drain, execute, load, store, readBytes * p.slabs());
  }

  /** Beats of one reduction tile's plane. */
  private static long beats(
      Contraction c, InputPlane plane, boolean patches, int width, int rows) {
    int bytes = patches ? c.inChannels() : Math.min(rows, c.inChannels());
    long line = (long) plane.w() * plane.pixelStep() * bytes;
    return plane.h() * Math.ceilDiv(line, width);
  }
}
