// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.List;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.Placement;
import lockstep.isa.systolic.SystolicInstruction.Load;

/**
 * Loads of activations: one reduction tile's piece, or all tiles of an unpadded stretch at once.
 *
 * <pre>
 * pixels   line = input line, window = pixel, bytes = channels of the piece
 * patches  line = result line, window = result, bytes = part of one kernel line of the patch
 * blocks   line = channel block, window = pixel, bytes = the whole block
 * </pre>
 */
final class ActivationLoads {
  private ActivationLoads() {}

  /** A load with the memory range it may touch in allocation {@code root}. */
  record Placed(Load load, String root, long from, long to) {}

  /** Channels of one piece for every pixel of the plane. */
  static Placed pixels(
      Contraction c, Placement source, InputPlane plane, int image, Lane.Piece piece, int row) {
    Tensor t = source.tensor();
    int width = source.width(piece.block());
    int firstLine = firstInside(plane.y(), plane.lineStep(), plane.h());
    int lastLine = endInside(plane.y(), plane.lineStep(), plane.h(), t.h());
    int firstPixel = firstInside(plane.x(), plane.pixelStep(), plane.w());
    int endPixel = endInside(plane.x(), plane.pixelStep(), plane.w(), t.w());
    int step = plane.pixelStep() * width;
    boolean any = firstPixel < endPixel && firstLine < lastLine;
    int firstByte = any ? firstPixel * step : 0;
    int lastByte = any ? (endPixel - 1) * step + piece.length() : 0;
    long block = source.address(image, piece.block());
    long address = block + ((long) plane.y() * t.w() + plane.x()) * width + piece.offset();
    Load load =
        new Load(
            0,
            0,
            false,
            false,
            address & 0xffff_ffffL,
            false,
            row,
            piece.lane(),
            plane.h(),
            plane.lineStep() * t.w() * width,
            plane.w(),
            plane.w(),
            step,
            1,
            1,
            0,
            0,
            piece.length(),
            any ? firstLine : 0,
            any ? lastLine : 0,
            firstByte,
            lastByte,
            c.sources().get(piece.source()).zeroPoint());
    return touching(load, source, image, piece.block());
  }

  /** Bytes of one kernel line for every result of the tile. */
  static Placed patches(
      Contraction c, Placement source, InputPlane plane, int image, Lane.Piece piece, int row) {
    Tensor t = source.tensor();
    Window k = c.window();
    int channels = t.c();
    int y = plane.y() + piece.source() * k.dilationH();
    int firstLine = firstInside(y, plane.lineStep(), plane.h());
    int lastLine = endInside(y, plane.lineStep(), plane.h(), t.h());
    int start = plane.x() * channels + piece.offset();
    int step = plane.pixelStep() * channels;
    int limit = t.w() * channels - start;
    int firstByte = Math.max(0, -start);
    int lastByte = 0;
    if (limit > 0) {
      int last = Math.min(plane.w() - 1, (limit - 1) / step);
      lastByte = Math.min(last * step + piece.length(), limit);
    }
    boolean any = firstByte < lastByte && firstLine < lastLine;
    long address = source.address(image, 0) + (long) y * t.w() * channels + start;
    Load load =
        new Load(
            0,
            0,
            false,
            false,
            address & 0xffff_ffffL,
            false,
            row,
            piece.lane(),
            plane.h(),
            plane.lineStep() * t.w() * channels,
            plane.w(),
            plane.w(),
            step,
            1,
            1,
            0,
            0,
            piece.length(),
            any ? firstLine : 0,
            any ? lastLine : 0,
            any ? firstByte : 0,
            any ? lastByte : 0,
            t.zeroPoint());
    return touching(load, source, image, 0);
  }

  /**
   * How many of {@code lanes} one load can bring: all of them if they are whole blocks of one
   * source, and the plane is a contiguous stretch of it; else 0.
   */
  static int mergeable(List<Lane.Tile> lanes, List<Placement> sources, InputPlane plane, int cols) {
    Placement source = sources.get(lanes.getFirst().pieces().getFirst().source());
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
      return 0;
    }
    int block = lanes.getFirst().pieces().getFirst().block();
    for (Lane.Tile tile : lanes) {
      Lane.Piece p = tile.pieces().getFirst();
      boolean whole =
          tile.pieces().size() == 1
              && sources.get(p.source()) == source
              && p.block() == block++
              && p.offset() == 0
              && p.length() == cols;
      if (!whole) {
        return 0;
      }
    }
    return lanes.size();
  }

  /** Whole channel blocks of a contiguous stretch. */
  static Placed blocks(
      List<Lane.Tile> lanes, List<Placement> sources, InputPlane plane, int image, int row) {
    Lane.Piece first = lanes.getFirst().pieces().getFirst();
    Placement source = sources.get(first.source());
    Tensor t = source.tensor();
    int width = first.length();
    long address =
        source.address(image, first.block()) + ((long) plane.y() * t.w() + plane.x()) * width;
    Load load =
        new Load(
            0,
            0,
            false,
            false,
            address,
            false,
            row,
            0,
            lanes.size(),
            t.h() * t.w() * width,
            plane.rows(),
            plane.rows(),
            width,
            1,
            1,
            0,
            0,
            width,
            0,
            lanes.size(),
            0,
            plane.rows() * width,
            0);
    long end =
        address + (long) (lanes.size() - 1) * t.h() * t.w() * width + (long) plane.rows() * width;
    return new Placed(load, source.root(), address, end);
  }

  private static Placed touching(Load load, Placement source, int image, int block) {
    Tensor t = source.tensor();
    long start = source.address(image, block);
    long end = start + (long) t.h() * t.w() * source.width(block);
    if (load.firstLine() >= load.lastLine() || load.firstByte() >= load.lastByte()) {
      return new Placed(load, source.root(), start, start);
    }
    long span = (long) (load.lastLine() - 1 - load.firstLine()) * load.lineStride();
    long from =
        (load.dramAddress() + (long) load.firstLine() * load.lineStride() + load.firstByte())
            & 0xffff_ffffL;
    long to = from + span + load.lastByte() - load.firstByte();
    return new Placed(load, source.root(), Math.max(start, from), Math.min(end, to));
  }

  /** First index i with {@code start + i step >= 0}, at most {@code count}. */
  private static int firstInside(int start, int step, int count) {
    return start >= 0 ? 0 : Math.min(count, Math.ceilDiv(-start, step));
  }

  /** First index i with {@code start + i step >= size}, at most {@code count}. */
  private static int endInside(int start, int step, int count, int size) {
    return start >= size ? 0 : Math.min(count, Math.ceilDiv(size - start, step));
  }
}
