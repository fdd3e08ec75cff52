// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import java.util.Arrays;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.vliw.ValueOperation.Multiply;

/** The accumulator registers, and products on their way to be added to them. */
final class MatrixUnit {
  /** More than the longest latency, a power of two. */
  private static final int STEPS = 32;

  private final int rows;
  private final int cols;
  private final int depth;
  private final int lanes;
  private final int latency;
  private final int slots;
  private final int width;
  private final int[] sums;
  private final int[] pending = new int[STEPS];
  private final Multiply[] operations;
  private final int[] products;
  private final byte[] left;
  private final int[] right;

  MatrixUnit(VliwArchitecture machine) {
    var matrix = machine.slots().matrix();
    rows = matrix.rows();
    cols = matrix.cols();
    depth = matrix.depth();
    lanes = machine.lanes();
    latency = matrix.latency();
    slots = matrix.count();
    width = machine.registers().vector().widthBytes();
    sums = new int[machine.registers().accumulator().count() * rows * cols];
    operations = new Multiply[STEPS * slots];
    products = new int[STEPS * slots * rows * cols];
    left = new byte[rows * depth];
    right = new int[depth * cols];
  }

  /** Begins step {@code now}: its products arrive. */
  void begin(long now) {
    int at = (int) now & STEPS - 1;
    int size = rows * cols;
    for (int i = at * slots; i < at * slots + pending[at]; i++) {
      int to = operations[i].to() * size;
      if (operations[i].add()) {
        for (int n = 0; n < size; n++) {
          sums[to + n] += products[i * size + n];
        }
      } else {
        System.arraycopy(products, i * size, sums, to, size);
      }
    }
    pending[at] = 0;
  }

  /** Multiplies in step {@code now}. */
  void multiply(Multiply m, VectorRegisters vectors, long now) {
    byte[] values = vectors.values();
    for (int i = 0; i < left.length; i += width) {
      System.arraycopy(values, vectors.offset(m.left(), i / width), left, i, width);
    }
    for (int i = 0; i < right.length; i += width) {
      int from = vectors.offset(m.right(), i / width);
      for (int b = 0; b < width; b++) {
        right[i + b] = values[from + b];
      }
    }
    int at = (int) (now + latency) & STEPS - 1;
    int place = at * slots + pending[at]++;
    operations[place] = m;
    int first = place * rows * cols;
    Arrays.fill(products, first, first + rows * cols, 0);
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < depth; k++) {
        row(left[r * depth + k], k * cols, first + r * cols);
      }
    }
  }

  private void row(int factor, int from, int to) {
    for (int c = 0; c < cols; c++) {
      products[to + c] += factor * right[from + c];
    }
  }

  /** Sum {@code lane} of {@code part} of an accumulator register. */
  int sum(int register, int part, int lane) {
    return sums[register * rows * cols + part * lanes + lane];
  }
}
