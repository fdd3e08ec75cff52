// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.systolic.Emitter.Rows;

/**
 * A tensor that stays in the scratchpad from the layers that write it to the last that reads it: a
 * row for each pixel and block of as many channels as the array has rows, with the padding that its
 * readers need around each image.
 *
 * <pre>
 * row(image, channel, y, x) = base + (image blocks + channel / rowChannels) blockRows
 *                                  + (y + top) lineRows + x + left
 * </pre>
 *
 * @param tensor the whole allocation; parts of a concatenation are channels of it
 * @param base first scratchpad row
 * @param rowChannels channels of a row
 */
record Kept(Tensor tensor, int base, int rowChannels, Border border) {

  /** Padding around an image. */
  record Border(int top, int left, int bottom, int right) {
    static final Border NONE = new Border(0, 0, 0, 0);

    Border union(Border o) {
      return new Border(
          Math.max(top, o.top),
          Math.max(left, o.left),
          Math.max(bottom, o.bottom),
          Math.max(right, o.right));
    }
  }

  Kept at(int row) {
    return new Kept(tensor, row, rowChannels, border);
  }

  /** Rows from image line to image line. */
  int lineRows() {
    return tensor.w() + border.left() + border.right();
  }

  /** Rows of one channel block of one image. */
  int blockRows() {
    return lineRows() * (tensor.h() + border.top() + border.bottom());
  }

  int blocks() {
    return Math.ceilDiv(tensor.c(), rowChannels);
  }

  /** Rows of all of it; may pass what an int holds only for tensors that fit no scratchpad. */
  long size() {
    return (long) tensor.n() * blocks() * blockRows();
  }

  Rows rows() {
    return Rows.of(base, Math.toIntExact(size()));
  }

  /** Row of a pixel, which may lie in the padding, of a channel block counted over all images. */
  int rowOfBlock(int block, int y, int x) {
    return base + block * blockRows() + (y + border.top()) * lineRows() + x + border.left();
  }

  /** Byte of its row at which a channel lies. */
  int lane(int channel) {
    return channel % rowChannels;
  }

  /** Loads that read nothing and fill the padding with the tensor's zero point. */
  List<RowLoad> padding() {
    List<RowLoad> loads = new ArrayList<>();
    int blocks = tensor.n() * blocks();
    int sides = border.left() + border.right();
    int above = border.top() * lineRows() + border.left();
    int below = border.bottom() * lineRows() + border.right();
    if (above > 0) {
      loads.add(fill(base, blocks, blockRows(), above));
    }
    if (sides > 0 && tensor.h() > 1) {
      int first = base + above + tensor.w();
      for (int block = 0; block < blocks; block++) {
        loads.add(fill(first + block * blockRows(), tensor.h() - 1, lineRows(), sides));
      }
    }
    if (below > 0) {
      loads.add(fill(base + blockRows() - below, blocks, blockRows(), below));
    }
    return loads;
  }

  private RowLoad fill(int row, int lines, int lineRows, int rows) {
    return RowLoad.padding(row, lines, lineRows, rows, rowChannels, tensor.zeroPoint());
  }
}
