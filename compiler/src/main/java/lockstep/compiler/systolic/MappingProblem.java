// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;

/**
 * One contraction to be mapped on one machine: the parts that all its mappings share.
 *
 * @param room what the layer finds in the scratchpad
 * @param slabs number of slabs; all are as large as the first
 * @param blocks output channel blocks of a slab
 * @param pixels how the reduction lies in the lanes, channel by channel
 * @param patches the same by patches of image lines, null where it cannot
 * @param sums the layer only sums pixels: its weights may stay in the array
 */
record MappingProblem(
    SystolicArchitecture arch,
    Contraction c,
    Room room,
    int slabs,
    int blocks,
    Reduction pixels,
    Reduction patches,
    boolean sums) {

  /**
   * A way to lay the reduction over the array's rows.
   *
   * @param tiles reduction tiles, 0 if there is no such way
   * @param lastLanes lanes of the last tile; the others use every row of the array
   * @param pieces parts that are loaded one by one
   */
  record Reduction(int tiles, int lastLanes, int pieces) {
    static final Reduction NONE = new Reduction(0, 0, 0);

    static Reduction of(List<Lane.Tile> tiles) {
      return new Reduction(
          tiles.size(),
          tiles.getLast().lanes(),
          tiles.stream().mapToInt(t -> t.pieces().size()).sum());
    }
  }

  static MappingProblem of(
      SystolicArchitecture arch, Contraction c, List<Placement> sources, Room room) {
    List<Slab> slabs = Slab.of(c, arch.array().cols());
    Slab first = slabs.getFirst();
    // a block of outputs that two groups share reduces over the channels of both
    Slab widest = slabs.stream().reduce(first, (a, b) -> b.channels() > a.channels() ? b : a);
    boolean patchable = !room.input() && LayerShape.patchable(arch, c);
    return new MappingProblem(
        arch,
        c,
        room,
        slabs.size(),
        first.blocks().size(),
        Reduction.of(LayerShape.lanes(arch, c, false, sources, widest)),
        patchable ? Reduction.of(LayerShape.lanes(arch, c, true, sources, widest)) : Reduction.NONE,
        LayerShape.sums(c));
  }

  Reduction reduction(boolean inPatches) {
    return inPatches ? patches : pixels;
  }

  /** Taps that an execute walks through; those of patches lie in the lanes. */
  int taps(boolean inPatches) {
    return inPatches ? 1 : c.window().kernelH() * c.window().kernelW();
  }

  /** Whether the weights stay in the array for all taps. */
  boolean holds(boolean inPatches, Dataflow dataflow) {
    return sums && !inPatches && dataflow == Dataflow.WS;
  }

  /** Whether what is added to the output is read from memory. */
  boolean loadsResidual() {
    return c.out().residual() != null && !room.residual();
  }

  /** Scratchpad rows of the weights that are loaded at a time. */
  long weightRows(boolean inPatches, Dataflow dataflow, int chunk, int group) {
    Reduction r = reduction(inPatches);
    long rows =
        chunk >= r.tiles()
            ? (long) (r.tiles() - 1) * arch.array().rows() + r.lastLanes()
            : (long) chunk * arch.array().rows();
    return rows * (holds(inPatches, dataflow) ? 1 : taps(inPatches)) * group;
  }

  /**
   * Bytes that memory moves for the weights of a slab, once.
   *
   * @param weightTaps taps that have weights of their own
   */
  long weightBytes(boolean inPatches, int weightTaps) {
    Reduction r = reduction(inPatches);
    int rows = arch.array().rows();
    int width = Math.min(arch.array().cols(), c.outChannels());
    if (!inPatches && DiagonalWeights.are(c)) {
      List<Integer> lanes = new ArrayList<>(Collections.nCopies(r.tiles() - 1, rows));
      lanes.add(r.lastLanes());
      int port = arch.dma().widthBytes();
      if (DiagonalWeights.save(lanes, weightTaps, width, port)) {
        return DiagonalWeights.bytes(lanes, weightTaps, port);
      }
    }
    return ((long) (r.tiles() - 1) * rows + r.lastLanes()) * weightTaps * blocks * width;
  }

  /** Results of the pixel tile of this size that has most. */
  int mostResults(int h, int w) {
    Window pool = c.pool();
    Tensor out = c.output();
    return mostLines(h, out.h(), pool.strideH(), pool.kernelH(), pool.padTop(), c.convH())
        * mostLines(w, out.w(), pool.strideW(), pool.kernelW(), pool.padLeft(), c.convW());
  }

  /**
   * The most results along one direction that a tile of {@code size} outputs pools. What the
   * padding leaves of them grows from tile to tile until none is in the padding before the image,
   * and shrinks from then on; the last tile may be smaller.
   */
  private static int mostLines(
      int size, int outputs, int stride, int kernel, int pad, int results) {
    int last = (outputs - 1) / size;
    int inside = Math.min(last, Math.ceilDiv(Math.ceilDiv(pad, stride), size));
    int most = 0;
    for (int tile : new int[] {Math.max(0, inside - 1), inside, last}) {
      int from = tile * size * stride - pad;
      int count = Math.min(size, outputs - tile * size);
      int to = from + (count - 1) * stride + kernel;
      most = Math.max(most, Math.min(results, to) - Math.max(0, from));
    }
    return most;
  }

  /** Rows of the accumulator that one step's results may take. */
  int accumulatorRows() {
    return AccumulatorSlots.slotRows(arch);
  }

  long bankRows() {
    return arch.scratchpad().rowsPerBank();
  }

  /** Whether some mapping fits the machine: if any does, the one of the smallest tiles does. */
  boolean solvable() {
    int results = mostResults(1, 1);
    if (results > accumulatorRows() || results > MappingCheck.MOST_RESULTS) {
      return false;
    }
    int banks = room.banks() - (loadsResidual() ? 1 : 0);
    for (boolean inPatches : new boolean[] {false, true}) {
      if (reduction(inPatches).tiles() == 0) {
        continue;
      }
      for (Dataflow dataflow : arch.array().dataflows()) {
        long plane =
            room.input()
                ? 0
                : MappingCost.Tiling.of(this, inPatches, dataflow, 1, 1).largestPlane();
        long weightBanks = Math.ceilDiv(weightRows(inPatches, dataflow, 1, 1), bankRows());
        if (weightBanks <= banks && plane <= (banks - weightBanks) * bankRows()) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Everything that cost and validity of a mapping depend on, as text: equal problems, equal keys.
   */
  String key() {
    return String.join(
        " ",
        c.sources().stream().map(t -> String.valueOf(t.c())).toList().toString(),
        c.images() + "x" + c.inH() + "x" + c.inW(),
        c.outChannels() + "/" + c.groups(),
        c.window().toString(),
        String.valueOf(c.out().pool()),
        "product=" + (c.right() != null),
        "residual=" + (c.out().residual() != null),
        "sums=" + sums,
        room.toString());
  }
}
