// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;
import org.jspecify.annotations.Nullable;

/**
 * Emits one contraction as instructions, as its {@link Mapping} says.
 *
 * <p>Work is a list of {@link Step}s (one per slab, pixel tile, output group and reduction chunk).
 * The loads of a step are emitted before the execution of the step before it wherever their slots
 * are not those that step still uses, so that the load unit runs ahead.
 */
final class LayerLowering {
  private static final Rows NO_ROWS = new Rows(0, 0);

  private record ChunkKey(int slab, int tile, int chunk) {}

  private record WeightKey(int slab, int group, int chunk) {}

  private record GroupKey(int slab, int group) {}

  private record Step(
      int slab, int tileIndex, PixelTile tile, int group, int chunk, boolean first, boolean last) {}

  /** One slab with its reduction tiles and pixel tiles. */
  private record SlabWork(Slab slab, List<Lane.Tile> lanes, List<PixelTile> tiles) {}

  /** Weights of one (slab, group, chunk) in memory: runs of rows of equal width. */
  private record WeightRun(long address, int rows, int bytes, int offset) {}

  private record WeightChunk(List<WeightRun> runs, int rows) {}

  private final SystolicArchitecture arch;
  private final Contraction c;
  private final Mapping m;
  private final List<Placement> sources;
  private final @Nullable Placement right;
  private final @Nullable Placement residual;
  private final Placement output;
  private final Emitter emitter;
  private final ConstantPool pool;
  private final AccumulatorSlots accumulators;
  private final int cols;
  private final boolean hold;

  private final List<SlabWork> work = new ArrayList<>();
  private final Slots<ChunkKey> activations;
  private final Slots<WeightKey> weights;
  private final Slots<GroupKey> parameters;
  private final Slots<Integer> residuals;
  private final Map<WeightKey, WeightChunk> weightChunks = new HashMap<>();
  private final Map<GroupKey, Long> parameterBlocks = new HashMap<>();
  private int loadsAfterExecute;
  private int executesAfterStore;
  private int residualCount;

  LayerLowering(
      SystolicArchitecture arch,
      Contraction c,
      Mapping m,
      List<Placement> sources,
      @Nullable Placement right,
      @Nullable Placement residual,
      Placement output,
      Emitter emitter,
      ConstantPool pool,
      AccumulatorSlots accumulators) {
    this.arch = arch;
    this.c = c;
    this.m = m;
    this.sources = sources;
    this.right = right;
    this.residual = residual;
    this.output = output;
    this.emitter = emitter;
    this.pool = pool;
    this.accumulators = accumulators;
    cols = arch.array().cols();
    hold = LayerShape.holdsWeights(c, m);
    for (Slab slab : Slab.of(c, cols)) {
      work.add(
          new SlabWork(
              slab,
              LayerShape.lanes(arch, c, m.patches(), sources, slab),
              PixelTile.of(c, m.tileH(), m.tileW(), slab.firstImage(), slab.images())));
    }
    int bankRows = arch.scratchpad().rowsPerBank();
    int weightBase = m.activationBanks() * bankRows;
    int residualBase = weightBase + m.weightBanks() * bankRows;
    activations = new Slots<>(0, weightBase, LayerShape.activationChunkRows(arch, c, m, sources));
    weights =
        new Slots<>(
            weightBase,
            m.weightBanks() * bankRows,
            LayerShape.weightChunkRows(arch, c, m, sources));
    parameters = new Slots<>(0, arch.postProcessing().parameterRows(), m.group());
    residuals =
        new Slots<>(
            residualBase,
            m.residualBanks() * bankRows,
            residual == null ? 0 : m.tileH() * m.tileW());
  }

  /**
   * Emits the layer.
   *
   * @param loadsAfterExecute execute instruction that the layer's first loads must follow, or -1
   * @param executesAfterStore store that the layer's first execute must follow, or -1
   */
  void emit(int loadsAfterExecute, int executesAfterStore) {
    this.loadsAfterExecute = loadsAfterExecute;
    this.executesAfterStore = executesAfterStore;
    List<Step> steps = steps();
    boolean loaded = false;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (!loaded) {
        loads(step);
      }
      loaded = false;
      if (i + 1 < steps.size() && canLoadBefore(steps.get(i + 1), step)) {
        loads(steps.get(i + 1));
        loaded = true;
      }
      int[] early = step.last() ? earlyResiduals(step) : new int[0];
      int accumulatorRow = step.first() ? accumulators.next() : accumulators.current();
      execute(step, accumulatorRow);
      if (step.last()) {
        store(step, accumulatorRow, early);
      }
    }
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int s = 0; s < work.size(); s++) {
      SlabWork w = work.get(s);
      int groups = Math.ceilDiv(w.slab().blocks().size(), m.group());
      int outer = m.weightsOuter() ? groups : w.tiles().size();
      int inner = m.weightsOuter() ? w.tiles().size() : groups;
      int chunks = Math.ceilDiv(w.lanes().size(), m.chunk());
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < inner; i++) {
          int tile = m.weightsOuter() ? i : o;
          int group = m.weightsOuter() ? o : i;
          for (int k = 0; k < chunks; k++) {
            steps.add(new Step(s, tile, w.tiles().get(tile), group, k, k == 0, k == chunks - 1));
          }
        }
      }
    }
    return steps;
  }

  private ChunkKey chunkKey(Step s) {
    return new ChunkKey(s.slab(), s.tileIndex(), s.chunk());
  }

  private WeightKey weightKey(Step s) {
    return new WeightKey(s.slab(), s.group(), s.chunk());
  }

  private GroupKey groupKey(Step s) {
    return new GroupKey(s.slab(), s.group());
  }

  private boolean canLoadBefore(Step next, Step pending) {
    return !activations.evicts(chunkKey(next), chunkKey(pending))
        && !weights.evicts(weightKey(next), weightKey(pending))
        && !parameters.evicts(groupKey(next), groupKey(pending));
  }

  private void loads(Step s) {
    if (weights.find(weightKey(s)) < 0) {
      loadWeights(s, weights.allocate(weightKey(s)));
    }
    if (activations.find(chunkKey(s)) < 0) {
      loadActivations(s, activations.allocate(chunkKey(s)));
    }
    if (parameters.find(groupKey(s)) < 0) {
      loadParameters(s, parameters.allocate(groupKey(s)));
    }
  }

  private List<Lane.Tile> lanes(Step s) {
    List<Lane.Tile> all = work.get(s.slab()).lanes();
    return all.subList(s.chunk() * m.chunk(), Math.min(all.size(), (s.chunk() + 1) * m.chunk()));
  }

  private List<Integer> blocks(Step s) {
    List<Integer> all = work.get(s.slab()).slab().blocks();
    return all.subList(s.group() * m.group(), Math.min(all.size(), (s.group() + 1) * m.group()));
  }

  private InputPlane plane(PixelTile t) {
    return InputPlane.of(c, m.patches(), t.convY(), t.convX(), t.convH(), t.convW());
  }

  // ---- loads

  private void loadActivations(Step s, int row) {
    InputPlane plane = plane(s.tile());
    List<Lane.Tile> lanes = lanes(s);
    int merged = m.patches() ? 0 : ActivationLoads.mergeable(lanes, sources, plane, cols);
    if (merged == lanes.size()) {
      emitLoad(
          ActivationLoads.blocks(lanes, sources, plane, s.tile().image(), row),
          row,
          plane.rows() * lanes.size());
      return;
    }
    for (int k = 0; k < lanes.size(); k++) {
      int at = row + k * plane.rows();
      for (Lane.Piece piece : lanes.get(k).pieces()) {
        emitLoad(
            m.patches()
                ? ActivationLoads.patches(c, sources.getFirst(), plane, s.tile().image(), piece, at)
                : ActivationLoads.pixels(
                    c, sources.get(piece.source()), plane, s.tile().image(), piece, at),
            at,
            plane.rows());
      }
    }
  }

  private void emitLoad(ActivationLoads.Placed load, int row, int rows) {
    emitter.load(
        load.load(),
        new Rows(row, row + rows),
        load.root(),
        load.from(),
        load.to(),
        loadsAfterExecute);
  }

  private void loadWeights(Step s, int row) {
    WeightChunk chunk = right == null ? constantWeights(s) : null;
    if (chunk != null) {
      for (WeightRun run : chunk.runs()) {
        emitter.load(
            contiguous(run.address(), false, row + run.offset(), run.rows(), run.bytes()),
            new Rows(row + run.offset(), row + run.offset() + run.rows()),
            "",
            0,
            0,
            loadsAfterExecute);
      }
      return;
    }
    Placement r = Objects.requireNonNull(right);
    List<Lane.Tile> lanes = lanes(s);
    int first = s.chunk() * m.chunk() * arch.array().rows();
    int rows = lanes.stream().mapToInt(Lane.Tile::lanes).sum();
    int at = row;
    for (int b : blocks(s)) {
      long address = r.address(s.tile().image(), b) + (long) first * r.width(b);
      emitter.load(
          contiguous(address, false, at, rows, r.width(b)),
          new Rows(at, at + rows),
          r.root(),
          address,
          address + (long) rows * r.width(b),
          loadsAfterExecute);
      at += rows;
    }
  }

  private static Load contiguous(long address, boolean parameters, int row, int rows, int bytes) {
    return new Load(
        0,
        0,
        false,
        false,
        address,
        parameters,
        row,
        0,
        1,
        0,
        0,
        rows,
        bytes,
        1,
        1,
        0,
        0,
        bytes,
        0,
        1,
        0,
        rows * bytes,
        0);
  }

  private WeightChunk constantWeights(Step s) {
    return weightChunks.computeIfAbsent(weightKey(s), key -> writeWeights(s));
  }

  private WeightChunk writeWeights(Step s) {
    List<Lane.Tile> lanes = lanes(s);
    List<WeightRun> runs = new ArrayList<>();
    int offset = 0;
    List<Integer> blocks = blocks(s);
    int i = 0;
    while (i < blocks.size()) {
      int width = output.width(blocks.get(i));
      int j = i;
      List<byte[]> parts = new ArrayList<>();
      int rows = 0;
      while (j < blocks.size() && output.width(blocks.get(j)) == width) {
        byte[] part =
            WeightLayout.bytes(
                c, m, work.get(s.slab()).slab(), lanes, blocks.get(j), cols, width, hold);
        parts.add(part);
        rows += part.length / width;
        j++;
      }
      byte[] all = new byte[rows * width];
      int at = 0;
      for (byte[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      runs.add(new WeightRun(pool.add(all), rows, width, offset));
      offset += rows;
      i = j;
    }
    return new WeightChunk(List.copyOf(runs), offset);
  }

  private void loadParameters(Step s, int row) {
    List<Integer> blocks = blocks(s);
    long address =
        parameterBlocks.computeIfAbsent(groupKey(s), key -> pool.add(parameterBytes(blocks)));
    for (int i = 0; i < blocks.size(); ) {
      int width = output.width(blocks.get(i));
      int j = i;
      while (j < blocks.size() && output.width(blocks.get(j)) == width) {
        j++;
      }
      emitter.loadParameters(
          contiguous(address, true, row + i, j - i, 8 * width), new Rows(row + i, row + j));
      address += 8L * width * (j - i);
      i = j;
    }
  }

  private byte[] parameterBytes(List<Integer> blocks) {
    int channels = blocks.stream().mapToInt(output::width).sum();
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(8 * channels).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int b : blocks) {
      for (int i = 0; i < output.width(b); i++) {
        int n = b * cols + i;
        bytes.putInt(c.bias()[n]);
        bytes.putInt(c.out().multipliers()[n] | c.out().shifts()[n] << 24);
      }
    }
    return bytes.array();
  }

  // ---- execute

  private void execute(Step s, int accumulatorRow) {
    InputPlane plane = plane(s.tile());
    int aBase = activations.find(chunkKey(s));
    int wBase = weights.find(weightKey(s));
    List<Lane.Tile> lanes = lanes(s);
    int taps = m.patches() ? 1 : c.window().kernelH() * c.window().kernelW();
    int weightTaps = hold ? 1 : taps;
    int blockRows = lanes.stream().mapToInt(Lane.Tile::lanes).sum() * weightTaps;
    int results = s.tile().results();
    for (int b = 0; b < blocks(s).size(); b++) {
      int accRow = accumulatorRow + b * results;
      boolean accumulate = !s.first();
      int wRow = wBase + b * blockRows;
      for (int k = 0; k < lanes.size(); ) {
        int kRows = lanes.get(k).lanes();
        int end = k + 1;
        while (end < lanes.size() && lanes.get(end).lanes() == kRows && !hold) {
          end++;
        }
        int weightRows = (end - k) * weightTaps * kRows;
        Rows activationRows = new Rows(aBase + k * plane.rows(), aBase + end * plane.rows());
        emitExecutes(
            s, plane, activationRows, wRow, weightRows, accRow, kRows, end - k, accumulate);
        wRow += weightRows;
        accumulate = true;
        k = end;
      }
    }
  }

  private void emitExecutes(
      Step s,
      InputPlane plane,
      Rows activationRows,
      int wRow,
      int weightRows,
      int accRow,
      int kRows,
      int nC,
      boolean accumulate) {
    Window k = c.window();
    int h = s.tile().convH();
    int w = s.tile().convW();
    boolean os = m.dataflow() == Dataflow.OS;
    int partW = os ? Math.min(w, arch.array().rows()) : w;
    int partH = os ? Math.max(1, partW == w ? arch.array().rows() / w : 1) : h;
    for (int y = 0; y < h; y += partH) {
      int nY = Math.min(partH, h - y);
      for (int x = 0; x < w; x += partW) {
        int nX = Math.min(partW, w - x);
        int aRow =
            activationRows.from()
                + y * plane.resultStrideY() * plane.w()
                + x * plane.resultStrideX();
        int acc = accRow + y * w + x;
        emitter.execute(
            new Execute(
                0,
                0,
                false,
                false,
                os,
                accumulate,
                hold,
                aRow,
                wRow,
                acc,
                kRows,
                nY,
                nX,
                plane.resultStrideY() * plane.w(),
                plane.resultStrideX(),
                nC,
                m.patches() ? 1 : k.kernelH(),
                m.patches() ? 1 : k.kernelW(),
                plane.rows(),
                m.patches() ? 0 : k.dilationH() * plane.w(),
                m.patches() ? 0 : k.dilationW()),
            List.of(activationRows),
            new Rows(wRow, wRow + weightRows),
            new Rows(acc, acc + nY * nX),
            executesAfterStore);
      }
    }
  }

  // ---- store

  private int[] earlyResiduals(Step s) {
    if (residual == null) {
      return new int[0];
    }
    int[] rows = new int[Math.min(residuals.count(), blocks(s).size())];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = loadResidual(s, blocks(s).get(b));
    }
    return rows;
  }

  private int loadResidual(Step s, int block) {
    Placement r = Objects.requireNonNull(residual);
    int row = residuals.allocate(residualCount++);
    PixelTile t = s.tile();
    int width = r.width(block);
    boolean whole = t.w() == c.output().w();
    int lines = whole ? 1 : t.h();
    int windows = whole ? t.h() * t.w() : t.w();
    int lineStride = c.output().w() * width;
    long address = r.address(t.image(), block) + ((long) t.y() * c.output().w() + t.x()) * width;
    emitter.load(
        new Load(
            0,
            0,
            false,
            false,
            address,
            false,
            row,
            0,
            lines,
            lineStride,
            windows,
            windows,
            width,
            1,
            1,
            0,
            0,
            width,
            0,
            lines,
            0,
            windows * width,
            0),
        new Rows(row, row + t.h() * t.w()),
        r.root(),
        address,
        address + (long) (lines - 1) * lineStride + (long) windows * width,
        loadsAfterExecute);
    return row;
  }

  private void store(Step s, int accumulatorRow, int[] early) {
    Output out = c.out();
    Window pooling = c.pool();
    PixelTile t = s.tile();
    int parameterBase = parameters.find(groupKey(s));
    int outW = c.output().w();
    boolean flat = out.pool() == null && (t.w() == outW || t.h() == 1);
    int nY = flat ? 1 : t.h();
    int nX = flat ? t.h() * t.w() : t.w();
    List<Integer> blocks = blocks(s);
    for (int b = 0; b < blocks.size(); b++) {
      int block = blocks.get(b);
      int width = output.width(block);
      int residualRow = 0;
      Rows residualRows = NO_ROWS;
      if (residual != null) {
        residualRow = b < early.length ? early[b] : loadResidual(s, block);
        residualRows = new Rows(residualRow, residualRow + t.h() * t.w());
      }
      long address = output.address(t.image(), block) + ((long) t.y() * outW + t.x()) * width;
      int lineStride = outW * width;
      int accRow = accumulatorRow + b * t.results();
      emitter.store(
          new Store(
              0,
              0,
              false,
              false,
              address,
              flat ? 0 : lineStride,
              accRow,
              parameterBase + b,
              residual != null,
              residualRow,
              nY,
              nX,
              pooling.kernelH(),
              pooling.kernelW(),
              pooling.strideH(),
              pooling.strideW(),
              t.padY(),
              t.padX(),
              flat ? 1 : t.convH(),
              flat ? nX : t.convW(),
              width,
              c.output().zeroPoint(),
              out.min(),
              out.max(),
              residual == null ? 0 : residual.tensor().zeroPoint(),
              out.residualMultiplier(),
              out.leak(),
              out.outShift()),
          new Rows(accRow, accRow + t.results()),
          residualRows,
          output.root(),
          address,
          address + (long) (t.h() - 1) * lineStride + (long) t.w() * width);
    }
  }
}
