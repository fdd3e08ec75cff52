// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Emitter.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a layer adds to its outputs into the last banks of the scratchpad: for each output
 * block of a pixel tile one slot. As many as there are slots are loaded ahead of the last execute,
 * the others before their store. A residual that stays on chip is read where it is.
 */
final class ResidualLoads {
  private final LayerPlan plan;
  private final @Nullable Placement residual;
  private final Emitter emitter;
  private final Slots<Step.ResidualKey> slots;

  ResidualLoads(LayerPlan plan, Emitter emitter) {
    this.plan = plan;
    this.emitter = emitter;
    residual = plan.keptResidual() == null ? plan.residual() : null;
    Mapping m = plan.mapping();
    int bankRows = plan.arch().scratchpad().rowsPerBank();
    slots =
        new Slots<>(
            (m.activationBanks() + m.weightBanks()) * bankRows,
            m.residualBanks() * bankRows,
            residual == null ? 0 : m.tileH() * m.tileW(),
            plan.fromEnd(),
            List.of(),
            s -> s.residual(0));
  }

  /** Loads the residuals of a step's first output blocks. */
  void loadAhead(Step s) {
    if (residual != null) {
      s.blocks().stream().limit(slots.count()).forEach(b -> load(residual, s, b));
    }
  }

  /** The rows of an output block's residual, loaded now if they are not there; none without. */
  Rows rows(Step s, int block) {
    OnChip kept = plan.keptResidual();
    if (kept != null) {
      PixelTile t = s.tile();
      int channel = block * plan.cols();
      int first = kept.row(t.image(), channel, t.y(), t.x());
      int last = kept.row(t.image(), channel, t.y() + t.h() - 1, t.x() + t.w() - 1);
      return Rows.of(first, last - first + 1);
    }
    if (residual == null) {
      return Rows.NONE;
    }
    int row = slots.find(s.residual(block));
    return row < 0 ? load(residual, s, block) : Rows.of(row, s.tile().h() * s.tile().w());
  }

  private Rows load(Placement residual, Step s, int block) {
    PixelTile t = s.tile();
    int imageW = plan.contraction().output().w();
    int width = residual.width(block);
    boolean whole = t.w() == imageW;
    RowLoad load =
        RowLoad.lines(
            residual.root(),
            residual.address(t.image(), block) + ((long) t.y() * imageW + t.x()) * width,
            slots.allocate(s.residual(block), 0, null),
            whole ? 1 : t.h(),
            imageW * width,
            whole ? t.h() * t.w() : t.w(),
            width);
    emitter.load(load);
    return load.rows();
  }
}
