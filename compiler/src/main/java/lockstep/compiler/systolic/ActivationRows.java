// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Window;
import lockstep.compiler.systolic.Emitter.Rows;

/**
 * The scratchpad rows of a step's activations: one after the other as they were loaded for its
 * pixel tile, or within a whole tensor that stays there.
 *
 * @param first row of the first pixel of the first reduction tile
 * @param tileRows rows from reduction tile to reduction tile
 * @param span rows of one reduction tile, from its first pixel to its last
 * @param lineRows rows from input line to input line
 * @param strideY rows from result line to result line
 * @param strideX rows from result to result
 */
record ActivationRows(int first, int tileRows, int span, int lineRows, int strideY, int strideX) {

  /** Loaded rows from {@code row} on. */
  static ActivationRows loaded(InputPlane plane, int row) {
    return new ActivationRows(
        row,
        plane.rows(),
        plane.rows(),
        plane.w(),
        plane.resultStrideY() * plane.w(),
        plane.resultStrideX());
  }

  /** Rows of a tensor on chip that a step reads. */
  static ActivationRows kept(LayerPlan plan, OnChip input, Step s) {
    Window k = plan.contraction().window();
    PixelTile t = s.tile();
    int y = t.convY() * k.strideH() - k.padTop();
    int x = t.convX() * k.strideW() - k.padLeft();
    int lastY = y + (t.convH() - 1) * k.strideH() + (k.kernelH() - 1) * k.dilationH();
    int lastX = x + (t.convW() - 1) * k.strideW() + (k.kernelW() - 1) * k.dilationW();
    Lane.Piece piece = s.lanes().getFirst().pieces().getFirst();
    int channel = piece.block() * plan.cols() + piece.offset();
    int first = input.row(t.image(), channel, y, x);
    int lineRows = input.kept().lineRows();
    return new ActivationRows(
        first,
        input.kept().blockRows(),
        input.row(t.image(), channel, lastY, lastX) - first + 1,
        lineRows,
        k.strideH() * lineRows,
        k.strideW());
  }

  /** The rows of {@code tiles} reduction tiles from tile {@code tile} on, and those between. */
  Rows of(int tile, int tiles) {
    return Rows.of(first + tile * tileRows, (tiles - 1) * tileRows + span);
  }
}
