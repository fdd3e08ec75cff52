// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.Arrays;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.isa.FixedPoint;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;

/**
 * The values: what each instruction does to the memories, as a whole, in the order of acceptance. A
 * program whose tokens order its accesses sees no difference to the overlapped machine.
 */
final class Datapath {
  private final int rows;
  private final int cols;
  private final int width;
  private final int parameterWidth;
  private final byte[] memory;
  private final byte[] scratchpad;
  private final byte[] parameters;
  private final int[] accumulator;
  private final int[] weights;
  private final byte[] window = new byte[1 << 12];

  Datapath(SystolicArchitecture a, byte[] memory) {
    this.memory = memory;
    rows = a.array().rows();
    cols = a.array().cols();
    width = a.scratchpad().widthBytes();
    parameterWidth = 8 * cols;
    scratchpad = new byte[a.scratchpad().totalRows() * width];
    parameters = new byte[a.postProcessing().parameterRows() * parameterWidth];
    accumulator = new int[a.accumulator().totalRows() * cols];
    weights = new int[a.array().rows() * cols];
  }

  byte[] memory() {
    return memory;
  }

  void load(Load d) {
    for (int l = 0; l < d.lines(); l++) {
      boolean real = l >= d.firstLine() && l < d.lastLine();
      for (int x = 0; x < d.windows(); x++) {
        int o = x * d.step();
        int first = d.diagonal() ? Math.min(d.firstByte() + x, d.lastByte()) : d.firstByte();
        int last = d.diagonal() ? Math.min(first + 1, d.lastByte()) : d.lastByte();
        int from = real ? Math.clamp(first - o, 0, d.bytes()) : d.bytes();
        int end = real ? Math.clamp(last - o, from, d.bytes()) : d.bytes();
        Arrays.fill(window, 0, d.bytes(), (byte) d.pad());
        if (end > from) {
          long source = d.dramAddress() + (long) l * d.lineStride() + o + from;
          System.arraycopy(memory, (int) (source & 0xffff_ffffL), window, from, end - from);
        }
        for (int h = Pieces.firstCopy(d, l); h <= Pieces.lastCopy(d, l); h++) {
          int row = d.row() + (l - h) * d.rowLineStride() + x * d.rowStep() + h * d.rowCopyStep();
          write(d, row, d.lane() + h * d.laneCopyStep());
        }
      }
    }
  }

  private void write(Load d, int row, int lane) {
    if (d.rowEndStep() == 0) {
      byte[] target = d.parameters() ? parameters : scratchpad;
      int rowBytes = d.parameters() ? parameterWidth : width;
      System.arraycopy(window, 0, target, row * rowBytes + lane, d.bytes());
      return;
    }
    for (int b = 0; b < d.bytes(); b++) {
      int inRow = (lane + b) % rows;
      scratchpad[(row + (lane + b) / rows * d.rowEndStep()) * width + inRow] = window[b];
    }
  }

  void execute(Execute d) {
    int k = d.kRows();
    int tap = 0;
    for (int c = 0; c < d.nC(); c++) {
      for (int fy = 0; fy < d.nFy(); fy++) {
        for (int fx = 0; fx < d.nFx(); fx++, tap++) {
          int aRow = d.aRow() + c * d.aStrideC() + fy * d.aStrideFy() + fx * d.aStrideFx();
          if (tap == 0 || !d.hold()) {
            readWeights(d.wRow() + tap * k, k);
          }
          boolean add = tap > 0 || d.accumulate();
          for (int y = 0; y < d.nY(); y++) {
            for (int x = 0; x < d.nX(); x++) {
              int a = (aRow + y * d.aStrideY() + x * d.aStrideX()) * width;
              multiply(a, k, (d.accRow() + y * d.nX() + x) * cols, add);
            }
          }
        }
      }
    }
  }

  private void readWeights(int row, int k) {
    for (int r = 0; r < k; r++) {
      for (int n = 0; n < cols; n++) {
        weights[r * cols + n] = scratchpad[(row + r) * width + n];
      }
    }
  }

  private void multiply(int a, int k, int acc, boolean add) {
    if (!add) {
      Arrays.fill(accumulator, acc, acc + cols, 0);
    }
    for (int r = 0; r < k; r++) {
      int value = scratchpad[a + r];
      if (value != 0) {
        multiplyRow(value, r * cols, acc);
      }
    }
  }

  private void multiplyRow(int value, int row, int acc) {
    for (int n = 0; n < cols; n++) {
      accumulator[acc + n] += value * weights[row + n];
    }
  }

  void store(Store d) {
    int parameter = d.parameterRow() * parameterWidth;
    for (int y = 0; y < d.nY(); y++) {
      for (int x = 0; x < d.nX(); x++) {
        int residual = (d.residualRow() + y * (d.nX() + d.residualSkip()) + x) * width;
        long address =
            d.onChip()
                ? (long) (d.row() + y * d.rowLineStride() + x) * width + d.lane()
                : d.dramAddress() + (long) y * d.lineStride() + (long) x * d.channels()
                    & 0xffff_ffffL;
        byte[] target = d.onChip() ? scratchpad : memory;
        for (int n = 0; n < d.channels(); n++) {
          int word = parameter + 8 * n;
          int scale = word(word + 4);
          target[(int) address + n] =
              FixedPoint.postProcess(
                  pooled(d, y, x, n),
                  word(word),
                  scale & 0xff_ffff,
                  (scale >>> 24) & 0x3f,
                  d.residual() ? scratchpad[residual + n] : 0,
                  d.residualZero(),
                  d.residual() ? d.residualMultiplier() : 0,
                  d.leak(),
                  d.outShift(),
                  d.zero(),
                  d.min(),
                  d.max());
        }
      }
    }
  }

  private int pooled(Store d, int y, int x, int n) {
    int largest = Integer.MIN_VALUE;
    for (int py = 0; py < d.poolH(); py++) {
      int cy = y * d.strideY() + py - d.padY();
      if (cy < 0 || cy >= d.tileH()) {
        continue;
      }
      for (int px = 0; px < d.poolW(); px++) {
        int cx = x * d.strideX() + px - d.padX();
        if (cx >= 0 && cx < d.tileW()) {
          int row = d.accRow() + cy * d.tileW() + cx;
          largest = Math.max(largest, accumulator[row * cols + n]);
        }
      }
    }
    return largest;
  }

  private int word(int at) {
    return (parameters[at] & 0xff)
        | (parameters[at + 1] & 0xff) << 8
        | (parameters[at + 2] & 0xff) << 16
        | parameters[at + 3] << 24;
  }
}
