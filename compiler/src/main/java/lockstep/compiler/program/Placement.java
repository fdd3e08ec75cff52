// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import lockstep.compiler.network.Tensor;

/**
 * Where a tensor lies in off-chip memory, in the machine's own layout.
 *
 * <pre>
 * image i, channel block b (cols channels, the last block fewer), pixel (y, x), channel in block
 *   address = base + i imageStride + (b cols H W + (y W + x) width(b) + channel) x bytes of a code
 * </pre>
 *
 * <p>A tensor that is a part of a concatenation lies inside its root: same height and width, at a
 * channel offset that is a multiple of {@code cols}. One that is some lines of another lies there,
 * too:
 *
 * <pre>
 *   address = base + i imageStride
 *           + (b cols lines W + ((firstLine + y) W + x) width(b) + channel) x bytes of a code
 * </pre>
 *
 * @param root name of the allocation the tensor is part of (its own name if it is none)
 * @param base address of image 0, block 0, line 0 of the whole
 * @param blockChannels channels of a full block: the array's columns
 * @param lines lines of the whole
 * @param firstLine line of the whole at which the tensor begins
 * @param padded whether a last block has room for as many channels as the others
 */
public record Placement(
    Tensor tensor,
    String root,
    long base,
    long imageStride,
    int blockChannels,
    int lines,
    int firstLine,
    boolean padded) {

  /** A tensor with all its lines. */
  public Placement(Tensor tensor, String root, long base, long imageStride, int blockChannels) {
    this(tensor, root, base, imageStride, blockChannels, tensor.h(), 0, false);
  }

  /** The same bytes as a tensor of other height and width, with as many pixels. */
  public Placement reshaped(Tensor to) {
    return new Placement(to, root, base, imageStride, blockChannels, to.h(), 0, padded);
  }

  /** Where {@code part} lies: the lines of this tensor from {@code line} on. */
  public Placement part(Tensor part, int line) {
    return new Placement(
        part, root, base, imageStride, blockChannels, lines, firstLine + line, padded);
  }

  public int blocks() {
    return Math.ceilDiv(tensor.c(), blockChannels);
  }

  /** Channels that a pixel of block {@code b} has room for. */
  public int width(int b) {
    return padded ? blockChannels : Math.min(blockChannels, tensor.c() - b * blockChannels);
  }

  public long address(int image, int b) {
    long codes = (long) b * blockChannels * lines * tensor.w();
    codes += (long) firstLine * tensor.w() * width(b);
    return base + image * imageStride + codes * tensor.codeBytes();
  }

  /** Bytes from full block to full block. */
  public int blockBytes() {
    return blockChannels * lines * tensor.w() * tensor.codeBytes();
  }

  /** Copies NCHW bytes into this layout. */
  public void write(byte[] nchw, byte[] memory) {
    each((plain, placed) -> memory[placed] = nchw[plain]);
  }

  /** Reads NCHW bytes from this layout. */
  public byte[] read(byte[] memory) {
    byte[] nchw = new byte[Math.toIntExact(tensor.bytes())];
    each((plain, placed) -> nchw[plain] = memory[placed]);
    return nchw;
  }

  private interface Pair {
    void at(int plain, int placed);
  }

  private void each(Pair pair) {
    int pixels = tensor.h() * tensor.w();
    int size = tensor.codeBytes();
    for (int i = 0; i < tensor.n(); i++) {
      for (int c = 0; c < tensor.c(); c++) {
        int b = c / blockChannels;
        int plain = (i * tensor.c() + c) * pixels;
        int placed = Math.toIntExact(address(i, b)) + c % blockChannels * size;
        int step = width(b);
        for (int p = 0; p < pixels; p++) {
          for (int at = 0; at < size; at++) {
            pair.at((plain + p) * size + at, placed + p * step * size + at);
          }
        }
      }
    }
  }
}
