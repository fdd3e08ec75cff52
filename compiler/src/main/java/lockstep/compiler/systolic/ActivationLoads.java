// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.RowLoad.Real;
import lockstep.isa.systolic.SystolicInstruction.Load;

/**
 * Loads of a step's activations: one reduction tile's piece, or all tiles of an unpadded stretch at
 * once.
 *
 * <pre>
 * pixels   line = input line, window = pixel, bytes = channels of the piece
 * blocks   line = channel block, window = pixel, bytes = the whole block
 * </pre>
 *
 * <p>Those of patches are {@link PatchLoads}.
 */
final class ActivationLoads {
  private final LayerPlan plan;
  private final List<Placement> sources;
  private final List<Lane.Tile> lanes;
  private final InputPlane plane;
  private final int image;

  private ActivationLoads(LayerPlan plan, Step s) {
    this.plan = plan;
    sources = plan.sources();
    lanes = s.lanes();
    plane = plan.plane(s.tile());
    image = s.tile().image();
  }

  /** The loads that bring a step's activations into the rows from {@code row} on. */
  static List<RowLoad> of(LayerPlan plan, Step s, int row) {
    return plan.mapping().patches()
        ? new PatchLoads(plan, s).into(row)
        : new ActivationLoads(plan, s).into(row);
  }

  private List<RowLoad> into(int row) {
    if (mergeable()) {
      return List.of(blocks(row));
    }
    List<RowLoad> loads = new ArrayList<>();
    int at = row;
    for (Lane.Tile tile : lanes) {
      for (Lane.Piece piece : tile.pieces()) {
        loads.add(pixels(piece, at));
      }
      at += plane.rows();
    }
    return loads;
  }

  /** Channels of one piece for every pixel of the plane. */
  private RowLoad pixels(Lane.Piece piece, int row) {
    Placement source = sources.get(piece.source());
    Tensor t = source.tensor();
    int width = source.width(piece.block());
    int firstLine = firstInside(plane.y(), plane.lineStep(), plane.h());
    int lastLine = endInside(plane.y(), plane.lineStep(), plane.h(), t.h());
    int firstPixel = firstInside(plane.x(), plane.pixelStep(), plane.w());
    int endPixel = endInside(plane.x(), plane.pixelStep(), plane.w(), t.w());
    int step = plane.pixelStep() * width;
    Real real =
        firstPixel < endPixel && firstLine < lastLine
            ? new Real(
                firstLine, lastLine, firstPixel * step, (endPixel - 1) * step + piece.length())
            : Real.NONE;
    long block = source.address(image, piece.block());
    long address = block + ((long) plane.y() * t.w() + plane.x()) * width + piece.offset();
    int zero = plan.contraction().sources().get(piece.source()).zeroPoint();
    return padded(source, piece, address, row, t.w() * width, step, real, zero);
  }

  /**
   * Whether one load can bring all tiles: they are whole blocks of one source, and the plane is a
   * contiguous stretch of it.
   */
  private boolean mergeable() {
    Lane.Piece first = lanes.getFirst().pieces().getFirst();
    Placement source = sources.get(first.source());
    Tensor t = source.tensor();
    boolean contiguous =
        plane.lineStep() == 1
            && plane.pixelStep() == 1
            && plane.y() >= 0
            && plane.y() + plane.h() <= t.h()
            && plane.x() >= 0
            && plane.x() + plane.w() <= t.w()
            && (plane.w() == t.w() || plane.h() == 1);
    if (!contiguous) {
      return false;
    }
    int block = first.block();
    for (Lane.Tile tile : lanes) {
      Lane.Piece p = tile.pieces().getFirst();
      boolean whole =
          tile.pieces().size() == 1
              && sources.get(p.source()) == source
              && p.block() == block++
              && p.offset() == 0
              && p.length() == plan.cols();
      if (!whole) {
        return false;
      }
    }
    return true;
  }

  /** Whole channel blocks of a contiguous stretch. */
  private RowLoad blocks(int row) {
    Lane.Piece first = lanes.getFirst().pieces().getFirst();
    Placement source = sources.get(first.source());
    Tensor t = source.tensor();
    int width = first.length();
    long address =
        source.address(image, first.block()) + ((long) plane.y() * t.w() + plane.x()) * width;
    return RowLoad.lines(
        source.root(), address, row, lanes.size(), source.blockBytes(), plane.rows(), width);
  }

  /** The load of a piece for the whole plane, with the part of its block that it may read. */
  private RowLoad padded(
      Placement source,
      Lane.Piece piece,
      long address,
      int row,
      int lineBytes,
      int step,
      Real real,
      int zero) {
    int lineStride = plane.lineStep() * lineBytes;
    Load load =
        RowLoad.padded(
            address,
            row,
            piece.lane(),
            plane.h(),
            lineStride,
            plane.w(),
            step,
            piece.length(),
            real,
            zero);
    return RowLoad.within(load, source, image, piece.block(), address, real);
  }

  /** First index i with {@code start + i step >= 0}, at most {@code count}. */
  static int firstInside(int start, int step, int count) {
    return start >= 0 ? 0 : Math.min(count, Math.ceilDiv(-start, step));
  }

  /** First index i with {@code start + i step >= size}, at most {@code count}. */
  static int endInside(int start, int step, int count, int size) {
    return start >= size ? 0 : Math.min(count, Math.ceilDiv(size - start, step));
  }
}
