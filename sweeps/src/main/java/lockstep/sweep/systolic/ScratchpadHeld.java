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
      if (d.copies() == 1 && d.rowStep() == 1 && d.rowEndStep() == 0) {
        write(d.row() + line * d.rowLineStride(), d.windows(), d.lane());
        continue;
      }
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
      write(row, 1, lane);
      return;
    }
    for (int at = lane; at < lane + d.bytes(); at = (at / rowBytes + 1) * rowBytes) {
      write(row + at / rowBytes * d.rowEndStep(), 1, at % rowBytes);
    }
  }

  private void add(Execute d) {
    int weights = d.kRows() * (d.hold() ? 1 : d.taps());
    read(d.wRow(), weights);
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
      read(line, end - line);
      return;
    }
    for (int fx = 0; fx < d.nFx(); fx++) {
      for (int x = 0; x < d.nX(); x++) {
        read(line + fx * d.aStrideFx() + x * d.aStrideX(), 1);
      }
    }
  }

  private void add(Store d) {
    for (int y = 0; y < d.nY(); y++) {
      if (d.onChip()) {
        write(d.row() + y * d.rowLineStride(), d.nX(), d.lane());
      }
      if (d.residual()) {
        read(d.residualRow() + y * (d.nX() + d.residualSkip()), d.nX());
      }
    }
  }

  private void read(int row, int rows) {
    needed.set(row, row + rows);
    held.set(row, row + rows);
  }

  /** What is written beside lane 0 completes a row that was begun before. */
  private void write(int row, int rows, int lane) {
    held.set(row, row + rows);
    if (lane == 0) {
      needed.clear(row, row + rows);
    }
  }
}
