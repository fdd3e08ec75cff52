// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Output;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * The stores of a step whose results are complete: one for each output block, through pooling and
 * requantisation to the block's pixels, in memory or in the scratchpad. A tile without pooling that
 * is contiguous there is stored as a single line.
 */
final class Stores {
  private final LayerPlan plan;
  private final ResidualLoads residuals;
  private final Emitter emitter;
  private boolean surrounded;

  Stores(LayerPlan plan, ResidualLoads residuals, Emitter emitter) {
    this.plan = plan;
    this.residuals = residuals;
    this.emitter = emitter;
  }

  /** Emits them for parameters and results from the rows given on. */
  void emit(Step s, int parameterRow, int accumulatorRow) {
    if (!surrounded) {
      surrounded = true;
      surround();
    }
    for (int b = 0; b < s.blocks().size(); b++) {
      int block = s.blocks().get(b);
      Rows results = Rows.of(accumulatorRow + b * s.tile().results(), s.tile().results());
      store(s.tile(), block, parameterRow + b, results, residuals.rows(s, block));
    }
  }

  /** Fills the padding around what stays on chip, once for all layers that write it. */
  private void surround() {
    for (LayerPlan.Target target : plan.targets()) {
      if (target.kept() != null && target.first()) {
        target.kept().kept().padding().forEach(emitter::load);
      }
    }
  }

  private void store(PixelTile t, int block, int parameterRow, Rows results, Rows residual) {
    Contraction c = plan.contraction();
    LayerPlan.Target target = plan.target(block);
    Output out = target.result().out();
    Placement output = target.placement();
    OnChip kept = target.kept();
    int imageW = c.output().w();
    int width = plan.width(block);
    int channel = block * plan.cols() - target.result().firstChannel();
    int residualLine = plan.keptResidual() == null ? t.w() : plan.keptResidual().kept().lineRows();
    int targetLine = kept == null ? imageW : kept.kept().lineRows();
    boolean whole = t.w() == imageW && targetLine == imageW && residualLine == imageW;
    boolean flat = out.pool() == null && (whole || t.h() == 1);
    int nX = flat ? t.h() * t.w() : t.w();
    int nY = flat ? 1 : t.h();
    int lineStride = imageW * width;
    long address =
        output.address(t.image(), channel / plan.cols()) + ((long) t.y() * imageW + t.x()) * width;
    int row = kept == null ? 0 : kept.row(t.image(), channel, t.y(), t.x());
    Store store =
        new Store(
            0,
            0,
            false,
            false,
            kept == null ? address : 0,
            flat || kept != null ? 0 : lineStride,
            results.from(),
            parameterRow,
            plan.residual() != null,
            residual.from(),
            nY,
            nX,
            c.pool().kernelH(),
            c.pool().kernelW(),
            c.pool().strideH(),
            c.pool().strideW(),
            t.padY(),
            t.padX(),
            flat ? 1 : t.convH(),
            flat ? nX : t.convW(),
            width,
            output.tensor().zeroPoint(),
            out.min(),
            out.max(),
            plan.residual() == null ? 0 : plan.residual().tensor().zeroPoint(),
            out.residualMultiplier(),
            out.leak(),
            out.outShift(),
            kept != null,
            row,
            flat || kept == null ? 0 : targetLine,
            kept == null ? 0 : kept.lane(channel),
            flat || plan.residual() == null ? 0 : residualLine - t.w());
    if (kept == null) {
      long end = address + (long) (t.h() - 1) * lineStride + (long) t.w() * width;
      emitter.store(store, results, residual, output.root(), address, end);
    } else {
      int last = kept.row(t.image(), channel, t.y() + t.h() - 1, t.x() + t.w() - 1);
      emitter.keep(store, results, residual, Rows.of(row, last - row + 1));
    }
  }
}
