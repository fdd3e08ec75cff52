// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.BitSet;
import java.util.List;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Halt;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * The scratchpad rows that a program's layers hold: what a layer writes, and what an earlier one
 * has written and it or a later one reads. Goes through the program from its end.
 *
 * <pre>
 *            layer 1   layer 2   layer 3
 * row 7      write       |        read       held in all three
 * row 8      write     write      read       held in all three, by two writes
 * row 9                write                 held in layer 2
 * </pre>
 */
final class ScratchpadHeld {
  private final BitSet needed = new BitSet();
  private final BitSet held = new BitSet();

  private final int rowBytes;

  private ScratchpadHeld(int rowBytes) {
    this.rowBytes = rowBytes;
  }

  /**
   * The most rows that any layer holds.
   *
   * @param layerOf the layer of each instruction
   * @param arrayRows rows of the array, where scratchpad rows of patches end
   */
  static int most(List<SystolicInstruction> instructions, int[] layerOf, int arrayRows) {
    var rows = new ScratchpadHeld(arrayRows);
    int most = 0;
    for (int i = instructions.size() - 1; i >= 0; i--) {
      if (i == instructions.size() - 1 || layerOf[i] != layerOf[i + 1]) {
        most = Math.max(most, rows.held.cardinality());
        rows.held.clear();
        rows.held.or(rows.needed);
      }
      rows.add(instructions.get(i));
    }
    return Math.max(most, rows.held.cardinality());
  }

  private void add(SystolicInstruction instruction) {
    switch (instruction) {
      case Load load -> {
        if (!load.parameters()) {
          add(load);
        }
      }
      case Execute execute -> add(execute);
      case Store store -> add(store);
      case Halt halt -> {}
    }
  }

  private void add(Load d) {
    for (int line = 0; line < d.lines(); line++) {
      for (int window = 0; window < d.windows(); window++) {
        for (int copy = 0; copy < d.copies(); copy++) {
          int of = line - copy;
          if (0 <= of && of <= d.lines() - d.copies()) {
            int row = d.row() + of * d.rowLineStride() + window * d.rowStep();
            copy(d, row + copy * d.rowCopyStep(), d.lane() + copy * d.laneCopyStep());
          }
        }
      }
    }
  }

  private void copy(Load d, int row, int lane) {
    if (d.rowEndStep() == 0) {
      write(row, lane);
      return;
    }
    for (int at = lane; at < lane + d.bytes(); at = (at / rowBytes + 1) * rowBytes) {
      write(row + at / rowBytes * d.rowEndStep(), at % rowBytes);
    }
  }

  private void add(Execute d) {
    int weights = d.kRows() * (d.hold() ? 1 : d.taps());
    needed.set(d.wRow(), d.wRow() + weights);
    held.set(d.wRow(), d.wRow() + weights);
    for (int c = 0; c < d.nC(); c++) {
      for (int fy = 0; fy < d.nFy(); fy++) {
        for (int y = 0; y < d.nY(); y++) {
          int line = d.aRow() + c * d.aStrideC() + fy * d.aStrideFy() + y * d.aStrideY();
          readLine(line, d);
        }
      }
    }
  }

  /** What the taps of a kernel line read for a line of pixels; mostly rows without a gap. */
  private void readLine(int line, Execute d) {
    boolean tapsTouch = d.nFx() == 1 || d.aStrideFx() == 1;
    boolean pixelsTouch = d.nX() == 1 || (d.aStrideX() >= 0 && d.aStrideX() <= d.nFx());
    if (tapsTouch && pixelsTouch) {
      int end = line + (d.nX() - 1) * d.aStrideX() + d.nFx();
      needed.set(line, end);
      held.set(line, end);
      return;
    }
    for (int fx = 0; fx < d.nFx(); fx++) {
      for (int x = 0; x < d.nX(); x++) {
        read(line + fx * d.aStrideFx() + x * d.aStrideX());
      }
    }
  }

  private void add(Store d) {
    for (int y = 0; y < d.nY(); y++) {
      for (int x = 0; x < d.nX(); x++) {
        if (d.onChip()) {
          write(d.row() + y * d.rowLineStride() + x, d.lane());
        }
        if (d.residual()) {
          read(d.residualRow() + y * (d.nX() + d.residualSkip()) + x);
        }
      }
    }
  }

  private void read(int row) {
    needed.set(row);
    held.set(row);
  }

  /** What is written beside lane 0 completes a row that was begun before. */
  private void write(int row, int lane) {
    held.set(row);
    if (lane == 0) {
      needed.clear(row);
    }
  }
}
