// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.Window;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.isa.systolic.SystolicInstruction.Execute;

/**
 * The executes of a step: one for each output block, run of reduction tiles and part of the pixel
 * tile.
 *
 * <pre>
 * run    tiles that use equally many lanes; one tile when the weights are held
 * part   all results (weight-stationary), or as many as the array has rows (output-stationary)
 * </pre>
 */
final class Executes {
  private final LayerPlan plan;
  private final Emitter emitter;

  Executes(LayerPlan plan, Emitter emitter) {
    this.plan = plan;
    this.emitter = emitter;
  }

  /** Reduction tiles {@code [first, first + tiles)} of a step, each of {@code lanes} lanes. */
  private record Run(int first, int tiles, int lanes) {}

  /** A rectangle of a tile's results. */
  private record Part(int y, int x, int h, int w) {}

  /** Emits them for operands and results from the rows given on. */
  void emit(Step s, ActivationRows activationRows, int weightRow, int accumulatorRow) {
    List<Run> runs = runs(s.lanes());
    List<Part> parts = parts(s.tile());
    int weightsFrom = weightRow;
    int resultsFrom = accumulatorRow;
    for (int b = 0; b < s.blocks().size(); b++) {
      for (Run run : runs) {
        Rows activations = activationRows.of(run.first(), run.tiles());
        Rows weights = Rows.of(weightsFrom, run.tiles() * plan.weightTaps() * run.lanes());
        boolean accumulate = !s.first() || run.first() > 0;
        for (Part part : parts) {
          int row = resultsFrom + part.y() * s.tile().convW() + part.x();
          emitter.execute(
              instruction(run, part, activationRows, activations, weights, row, accumulate),
              activations,
              weights,
              Rows.of(row, part.h() * part.w()));
        }
        weightsFrom = weights.to();
      }
      resultsFrom += s.tile().results();
    }
  }

  private List<Run> runs(List<Lane.Tile> tiles) {
    List<Run> runs = new ArrayList<>();
    int end;
    for (int first = 0; first < tiles.size(); first = end) {
      int lanes = tiles.get(first).lanes();
      end = first + 1;
      while (end < tiles.size() && tiles.get(end).lanes() == lanes && !plan.holdsWeights()) {
        end++;
      }
      runs.add(new Run(first, end - first, lanes));
    }
    return runs;
  }

  private List<Part> parts(PixelTile t) {
    int h = t.convH();
    int w = t.convW();
    if (!outputStationary()) {
      return List.of(new Part(0, 0, h, w));
    }
    int rows = plan.arch().array().rows();
    int partW = Math.min(w, rows);
    int partH = partW == w ? Math.max(1, rows / w) : 1;
    List<Part> parts = new ArrayList<>();
    for (int y = 0; y < h; y += partH) {
      for (int x = 0; x < w; x += partW) {
        parts.add(new Part(y, x, Math.min(partH, h - y), Math.min(partW, w - x)));
      }
    }
    return parts;
  }

  private boolean outputStationary() {
    return plan.mapping().dataflow() == Dataflow.OS;
  }

  private Execute instruction(
      Run run,
      Part part,
      ActivationRows rows,
      Rows activations,
      Rows weights,
      int accumulatorRow,
      boolean accumulate) {
    Window k = plan.contraction().window();
    boolean patches = plan.mapping().patches();
    return new Execute(
        0,
        0,
        false,
        false,
        outputStationary(),
        accumulate,
        plan.holdsWeights(),
        activations.from() + part.y() * rows.strideY() + part.x() * rows.strideX(),
        weights.from(),
        accumulatorRow,
        run.lanes(),
        part.h(),
        part.w(),
        rows.strideY(),
        rows.strideX(),
        run.tiles(),
        plan.tapsH(),
        plan.tapsW(),
        rows.tileRows(),
        patches ? 0 : k.dilationH() * rows.lineRows(),
        patches ? 0 : k.dilationW());
  }
}
