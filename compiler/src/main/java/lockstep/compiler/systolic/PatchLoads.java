// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.compiler.systolic.RowLoad.Real;
import lockstep.isa.systolic.SystolicInstruction.Load;

/**
 * Loads of a step's activations as patches: a row of each reduction tile for each result.
 *
 * <pre>
 * kernel line  line = result line, window = result, bytes = part of one kernel line
 * replay       line = input line, window = result, bytes = a kernel line, copy = kernel line
 * </pre>
 */
final class PatchLoads {
  private final LayerPlan plan;
  private final Placement source;
  private final List<Lane.Tile> tiles;
  private final InputPlane plane;
  private final int image;

  PatchLoads(LayerPlan plan, Step s) {
    this.plan = plan;
    source = plan.sources().getFirst();
    tiles = s.lanes();
    plane = plan.plane(s.tile());
    image = s.tile().image();
  }

  /** The loads that bring the patches into the rows from {@code row} on. */
  List<RowLoad> into(int row) {
    List<RowLoad> loads = new ArrayList<>();
    if (plan.replays()) {
      for (int load = 0; load < Replay.loads(plan.contraction().window()); load++) {
        loads.add(replay(load, row));
      }
      return loads;
    }
    int at = row;
    for (Lane.Tile tile : tiles) {
      for (Lane.Piece piece : tile.pieces()) {
        loads.add(kernelLine(piece, at));
      }
      at += plane.rows();
    }
    return loads;
  }

  /** Bytes of one kernel line for every result of the tile. */
  private RowLoad kernelLine(Lane.Piece piece, int row) {
    Tensor t = source.tensor();
    int channels = t.c();
    int y = plane.y() + piece.source() * plan.contraction().window().dilationH();
    Real real = insideImage(y, plane.h(), piece.offset(), piece.length());
    int step = plane.pixelStep() * channels;
    long address = lineAddress(y) + piece.offset();
    Load load =
        RowLoad.padded(
            address,
            row,
            piece.lane(),
            plane.h(),
            plane.lineStep() * t.w() * channels,
            plane.w(),
            step,
            piece.length(),
            real,
            t.zeroPoint());
    return RowLoad.within(load, source, image, 0, address, real);
  }

  /** Address of the first byte that some result reads of line {@code y}. */
  private long lineAddress(int y) {
    Tensor t = source.tensor();
    return source.address(image, 0) + ((long) y * t.w() + plane.x()) * t.c();
  }

  /** What of {@code lines} lines from {@code y} on and bytes of kernel lines is in the image. */
  private Real insideImage(int y, int lines, int offset, int length) {
    Tensor t = source.tensor();
    int firstLine = ActivationLoads.firstInside(y, plane.lineStep(), lines);
    int lastLine = ActivationLoads.endInside(y, plane.lineStep(), lines, t.h());
    int start = plane.x() * t.c() + offset;
    int step = plane.pixelStep() * t.c();
    int limit = t.w() * t.c() - start;
    int firstByte = Math.max(0, -start);
    int lastByte = 0;
    if (limit > 0) {
      int last = Math.min(plane.w() - 1, (limit - 1) / step);
      lastByte = Math.min(last * step + length, limit);
    }
    return firstByte < lastByte && firstLine < lastLine
        ? new Real(firstLine, lastLine, firstByte, lastByte)
        : Real.NONE;
  }

  /** Input lines of one remainder by the stride, as every kernel line that they are. */
  private RowLoad replay(int remainder, int row) {
    Contraction c = plan.contraction();
    Window k = c.window();
    Tensor t = source.tensor();
    int rows = plan.arch().array().rows();
    int bytes = Replay.lineBytes(c);
    int copies = Replay.copies(k, remainder);
    int lines = plane.h() + copies - 1;
    int y = plane.y() + remainder;
    int firstLane = remainder * bytes;
    int copyLanes = copies == 1 ? 0 : k.strideH() * bytes;
    Real real = insideImage(y, lines, 0, bytes);
    long address = lineAddress(y);
    int lineStride = plane.lineStep() * t.w() * t.c();
    Load load =
        new Load(
            0,
            0,
            false,
            false,
            address & RowLoad.ADDRESSES,
            false,
            row + firstLane / rows * plane.rows(),
            firstLane % rows,
            lines,
            lineStride,
            plane.w(),
            plane.w(),
            plane.pixelStep() * t.c(),
            1,
            copies,
            copyLanes / rows * plane.rows(),
            bytes,
            real.firstLine(),
            real.lastLine(),
            real.firstByte(),
            real.lastByte(),
            t.zeroPoint(),
            false,
            copyLanes % rows,
            tiles.size() == 1 ? 0 : plane.rows());
    Rows all = Rows.of(row, tiles.size() * plane.rows());
    return RowLoad.within(load, source, image, 0, address, real).into(all);
  }
}
