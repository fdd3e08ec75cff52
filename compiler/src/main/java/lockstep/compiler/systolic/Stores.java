// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Output;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * The stores of a step whose results are complete: one for each output block, through pooling and
 * requantisation to the block's pixels in memory. A tile without pooling that is contiguous there
 * is stored as a single line.
 */
final class Stores {
  private final LayerPlan plan;
  private final ResidualLoads residuals;
  private final Emitter emitter;

  Stores(LayerPlan plan, ResidualLoads residuals, Emitter emitter) {
    this.plan = plan;
    this.residuals = residuals;
    this.emitter = emitter;
  }

  /** Emits them for parameters and results from the rows given on. */
  void emit(Step s, int parameterRow, int accumulatorRow) {
    for (int b = 0; b < s.blocks().size(); b++) {
      int block = s.blocks().get(b);
      Rows results = Rows.of(accumulatorRow + b * s.tile().results(), s.tile().results());
      store(s.tile(), block, parameterRow + b, results, residuals.rows(s, block));
    }
  }

  private void store(PixelTile t, int block, int parameterRow, Rows results, Rows residual) {
    Contraction c = plan.contraction();
    Placement output = plan.output();
    Placement added = plan.residual();
    Output out = c.out();
    Window pooling = c.pool();
    int width = output.width(block);
    int imageW = c.output().w();
    int lineStride = imageW * width;
    long address = output.address(t.image(), block) + ((long) t.y() * imageW + t.x()) * width;
    boolean flat = out.pool() == null && (t.w() == imageW || t.h() == 1);
    int nY = flat ? 1 : t.h();
    int nX = flat ? t.h() * t.w() : t.w();
    Store store =
        new Store(
            0,
            0,
            false,
            false,
            address,
            flat ? 0 : lineStride,
            results.from(),
            parameterRow,
            added != null,
            residual.from(),
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
            added == null ? 0 : added.tensor().zeroPoint(),
            out.residualMultiplier(),
            out.leak(),
            out.outShift(),
            false,
            0,
            0,
            0,
            0);
    long end = address + (long) (t.h() - 1) * lineStride + (long) t.w() * width;
    emitter.store(store, results, residual, output.root(), address, end);
  }
}
