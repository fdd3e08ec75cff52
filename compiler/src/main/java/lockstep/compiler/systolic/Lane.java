// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.program.Placement;

/**
 * How the reduction dimension is laid over the array's rows: tiles of up to {@code rows} lanes,
 * each filled from consecutive pieces.
 *
 * <pre>
 * pixels   reduction = channels; a tile serves every kernel tap      piece = channels of one block
 * patches  reduction = (fy, fx, channel) of a patch, channels of one narrow block: the load unit cuts
 *          patches out of image lines                                piece = bytes of one kernel line
 * </pre>
 */
final class Lane {
  private Lane() {}

  /**
   * Lanes {@code [lane, lane + length)} of a tile.
   *
   * @param source index of the source tensor (pixels), or the kernel line fy (patches)
   * @param block channel block of the source (pixels), 0 (patches)
   * @param offset channel in the block (pixels), byte of the patch line (patches)
   */
  record Piece(int source, int block, int offset, int length, int lane) {}

  /** One tile of the reduction: {@code lanes} rows of the array in use. */
  record Tile(List<Piece> pieces, int lanes) {}

  /** Tiles over the channels {@code [from, to)} of {@code sources} laid one after the other. */
  static List<Tile> pixels(List<Placement> sources, int from, int to, int rows) {
    Packer packer = new Packer(rows, Integer.MAX_VALUE);
    int base = 0;
    for (int s = 0; s < sources.size(); s++) {
      Placement p = sources.get(s);
      int c = Math.max(0, from - base);
      int end = Math.min(p.tensor().c(), to - base);
      while (c < end) {
        int block = c / p.blockChannels();
        int blockEnd = Math.min(end, (block + 1) * p.blockChannels());
        packer.add(s, block, c - block * p.blockChannels(), blockEnd - c);
        c = blockEnd;
      }
      base += p.tensor().c();
    }
    return packer.tiles();
  }

  /** Tiles over a patch of {@code kernelH} lines of {@code lineBytes} bytes. */
  static List<Tile> patches(int kernelH, int lineBytes, int rows, int longestPiece) {
    Packer packer = new Packer(rows, longestPiece);
    for (int fy = 0; fy < kernelH; fy++) {
      packer.add(fy, 0, 0, lineBytes);
    }
    return packer.tiles();
  }

  private static final class Packer {
    private final int rows;
    private final int longest;
    private final List<Tile> done = new ArrayList<>();
    private List<Piece> pieces = new ArrayList<>();
    private int lane;

    Packer(int rows, int longest) {
      this.rows = rows;
      this.longest = longest;
    }

    void add(int source, int block, int offset, int length) {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        int part = Math.min(Math.min(end - at, longest), rows - lane);
        pieces.add(new Piece(source, block, at, part, lane));
        at += part;
        lane += part;
        if (lane == rows) {
          close();
        }
      }
    }

    private void close() {
      done.add(new Tile(List.copyOf(pieces), lane));
      pieces = new ArrayList<>();
      lane = 0;
    }

    List<Tile> tiles() {
      if (lane > 0) {
        close();
      }
      return List.copyOf(done);
    }
  }
}
