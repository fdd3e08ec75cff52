// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import lockstep.isa.systolic.SystolicInstruction.Load;

/**
 * How load cuts what it writes: of each copy of a window a piece a beat wide at the most, and cut
 * where a row ends.
 *
 * @param rows bytes after which a row ends
 * @param width bytes of a beat
 */
record Pieces(int rows, int width) {

  /** The first copy of line {@code l}: those before it are of lines after the last. */
  static int firstCopy(Load load, int l) {
    return Math.max(0, l - (load.lines() - load.copies()));
  }

  /** The last copy of line {@code l}: those after it are of lines before the first. */
  static int lastCopy(Load load, int l) {
    return Math.min(load.copies() - 1, l);
  }

  /** Bytes of the piece of copy {@code h} that begins with byte {@code at} of the window. */
  int bytes(Load load, int h, int at) {
    int bytes = Math.min(width, load.bytes() - at);
    return load.rowEndStep() == 0
        ? bytes
        : Math.min(bytes, rows - (load.lane() + h * load.laneCopyStep() + at) % rows);
  }

  private long ofCopy(Load load, int h) {
    if (load.rowEndStep() == 0) {
      return (load.bytes() + width - 1) / width;
    }
    long count = 0;
    for (int at = 0; at < load.bytes(); at += bytes(load, h, at)) {
      count++;
    }
    return count;
  }

  /** Pieces of line {@code l}. */
  long ofLine(Load load, int l) {
    long each = 0;
    for (int copy = firstCopy(load, l); copy <= lastCopy(load, l); copy++) {
      each += ofCopy(load, copy);
    }
    return each * load.windows();
  }

  /** Pieces of a load: each copy is of {@code lines - copies + 1} lines. */
  long ofLoad(Load load) {
    long each = 0;
    for (int copy = 0; copy < load.copies(); copy++) {
      each += ofCopy(load, copy);
    }
    return each * load.windows() * (load.lines() - load.copies() + 1);
  }
}
