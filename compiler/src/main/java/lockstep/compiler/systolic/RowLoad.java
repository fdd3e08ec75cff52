// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import lockstep.compiler.systolic.ConstantBlocks.Block;
import lockstep.compiler.systolic.Emitter.Rows;
import lockstep.isa.systolic.SystolicInstruction.Load;

/**
 * A load that fills consecutive rows, each from one window of a line in memory, with the memory
 * range it may read. The {@link Emitter} gives it its tokens.
 *
 * @param rows the rows filled, and those between them
 * @param root allocation that it reads, empty for constants
 * @param from first byte of {@code root} that it may read
 * @param to byte after the last one
 */
record RowLoad(Load load, Rows rows, String root, long from, long to) {

  static final long ADDRESSES = 0xffff_ffffL;

  /** Lines and bytes of a line that are in the image; what lies around them is padding. */
  record Real(int firstLine, int lastLine, int firstByte, int lastByte) {
    static final Real NONE = new Real(0, 0, 0, 0);

    boolean isEmpty() {
      return firstLine >= lastLine || firstByte >= lastByte;
    }
  }

  /** A load that writes each window once, into rows that do not end. */
  RowLoad(Load load, String root, long from, long to) {
    this(load, filled(load), root, from, to);
  }

  private static Rows filled(Load load) {
    int last = (load.lines() - 1) * load.rowLineStride() + (load.windows() - 1) * load.rowStep();
    return Rows.of(load.row(), last + 1);
  }

  /** Weights into the scratchpad rows from {@code row} on. */
  static RowLoad weights(Block block, int row) {
    Load load =
        switch (block) {
          case Block.Whole b -> contiguous(b.address(), false, row, b.rows(), b.rowBytes());
          case Block.Diagonal b -> diagonal(b, row);
        };
    return new RowLoad(load, "", 0, 0);
  }

  /** Parameters into the rows of their memory from {@code row} on. */
  static RowLoad parameters(Block.Whole block, int row) {
    return new RowLoad(
        contiguous(block.address(), true, row, block.rows(), block.rowBytes()), "", 0, 0);
  }

  /** Part of tensor {@code root}: {@code rows} rows of {@code bytes}, one after the other. */
  static RowLoad of(String root, long address, int row, int rows, int bytes) {
    return new RowLoad(
        contiguous(address, false, row, rows, bytes), root, address, address + (long) rows * bytes);
  }

  /** Part of tensor {@code root}: lines of {@code windows} rows of {@code bytes}. */
  static RowLoad lines(
      String root, long address, int row, int lines, int lineStride, int windows, int bytes) {
    Real all = new Real(0, lines, 0, windows * bytes);
    return new RowLoad(
        padded(address, row, 0, lines, lineStride, windows, bytes, bytes, all, 0),
        root,
        address,
        address + (long) (lines - 1) * lineStride + (long) windows * bytes);
  }

  /**
   * A load of pixels of an image.
   *
   * @param block of the image's channels, all that it may read
   * @param address of offset 0 of line 0, which may lie before the block
   * @param real what of it is in the image
   */
  static RowLoad within(
      Load load, Placement source, int image, int block, long address, Real real) {
    Tensor t = source.tensor();
    long start = source.address(image, block);
    long end = start + (long) t.h() * t.w() * source.width(block);
    if (real.isEmpty()) {
      return new RowLoad(load, source.root(), start, start);
    }
    long span = (long) (real.lastLine() - 1 - real.firstLine()) * load.lineStride();
    long from =
        address + (long) real.firstLine() * load.lineStride() + real.firstByte() & ADDRESSES;
    long to = from + span + real.lastByte() - real.firstByte();
    return new RowLoad(load, source.root(), Math.max(start, from), Math.min(end, to));
  }

  /** The same load, which fills {@code filled}. */
  RowLoad into(Rows filled) {
    return new RowLoad(load, filled, root, from, to);
  }

  /**
   * Nothing from memory: {@code value} into the first {@code bytes} bytes of {@code rows} rows in
   * each of {@code lines} lines of {@code lineRows} rows.
   */
  static RowLoad padding(int row, int lines, int lineRows, int rows, int bytes, int value) {
    Load load = windows(0, row, 0, lines, 0, lineRows, rows, bytes, bytes, Real.NONE, value);
    return new RowLoad(load, "", 0, 0);
  }

  /**
   * Windows of {@code bytes} bytes, {@code step} apart, into the rows' bytes from {@code lane} on.
   *
   * @param pad value of the bytes that are not real
   */
  static Load padded(
      long address,
      int row,
      int lane,
      int lines,
      int lineStride,
      int windows,
      int step,
      int bytes,
      Real real,
      int pad) {
    return windows(address, row, lane, lines, lineStride, windows, windows, step, bytes, real, pad);
  }

  private static Load windows(
      long address,
      int row,
      int lane,
      int lines,
      int lineStride,
      int lineRows,
      int windows,
      int step,
      int bytes,
      Real real,
      int pad) {
    return new Load(
        0,
        0,
        false,
        false,
        address & ADDRESSES,
        false,
        row,
        lane,
        lines,
        lineStride,
        lineRows,
        windows,
        step,
        1,
        1,
        0,
        bytes,
        real.firstLine(),
        real.lastLine(),
        real.firstByte(),
        real.lastByte(),
        pad,
        false,
        0,
        0);
  }

  private static Load contiguous(long address, boolean parameters, int row, int rows, int bytes) {
    return new Load(
        0,
        0,
        false,
        false,
        address,
        parameters,
        row,
        0,
        1,
        0,
        0,
        rows,
        bytes,
        1,
        1,
        0,
        bytes,
        0,
        1,
        0,
        rows * bytes,
        0,
        false,
        0,
        0);
  }

  private static Load diagonal(Block.Diagonal b, int row) {
    return new Load(
        0,
        0,
        false,
        false,
        b.address() - b.column(),
        false,
        row,
        0,
        b.taps(),
        b.lineBytes(),
        b.lanes(),
        b.lanes(),
        0,
        1,
        1,
        0,
        b.columns(),
        0,
        b.taps(),
        b.column(),
        b.column() + b.lanes(),
        0,
        true,
        0,
        0);
  }
}
