// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Products of matrices, accumulated in double precision in an order that does not depend on the
 * number of processors. The right matrix is asked for in tiles of columns small enough to stay in a
 * cache; rows of the left one are shared out among the processors.
 */
final class Dense {
  private static final int TILE_ELEMENTS = 1 << 16;
  private static final int LEAST_COLUMNS = 64;
  private static final int MOST_COLUMNS = 512;
  private static final long PARALLEL_PRODUCTS = 1 << 17;

  private Dense() {}

  /** A matrix in an array: element (r, c) is at {@code offset + r * rowStep + c * columnStep}. */
  record Matrix(float[] values, int offset, int rowStep, int columnStep) {
    double at(int row, int column) {
      return values[offset + row * rowStep + column * columnStep];
    }
  }

  interface Columns {
    /** Writes column {@code from + j} of the matrix into {@code tile[row][j]}. */
    void fill(int from, int count, double[][] tile);
  }

  interface Sums {
    /** Takes the sums of a row for {@code count} columns. */
    void accept(int row, int from, int count, double[] sums);
  }

  static Columns columns(Matrix matrix) {
    return (from, count, tile) -> {
      for (int row = 0; row < tile.length; row++) {
        int start = matrix.offset() + row * matrix.rowStep() + from * matrix.columnStep();
        for (int j = 0; j < count; j++) {
          tile[row][j] = matrix.values()[start + j * matrix.columnStep()];
        }
      }
    };
  }

  /** Every row of {@code left} times every column of {@code right}. */
  static void multiply(Matrix left, int rows, int inner, int columns, Columns right, Sums result) {
    int width = Math.clamp(TILE_ELEMENTS / Math.max(1, inner), LEAST_COLUMNS, MOST_COLUMNS);
    width = Math.min(width, columns);
    double[][] tile = new double[inner][width];
    for (int from = 0; from < columns; from += width) {
      int start = from;
      int count = Math.min(width, columns - from);
      right.fill(start, count, tile);
      forEach(
          rows,
          (long) inner * count,
          row -> {
            double[] sums = new double[count];
            accumulate(left, row, tile, count, sums);
            result.accept(row, start, count, sums);
          });
    }
  }

  /** Visits all, in parallel where there is enough to do. */
  static void forEach(int count, long productsEach, IntConsumer visitor) {
    if (count * productsEach >= PARALLEL_PRODUCTS && count > 1) {
      IntStream.range(0, count).parallel().forEach(visitor);
    } else {
      for (int i = 0; i < count; i++) {
        visitor.accept(i);
      }
    }
  }

  private static void accumulate(Matrix left, int row, double[][] tile, int count, double[] sums) {
    int k = 0;
    for (; k + 4 <= tile.length; k += 4) {
      add(
          sums,
          count,
          left.at(row, k),
          tile[k],
          left.at(row, k + 1),
          tile[k + 1],
          left.at(row, k + 2),
          tile[k + 2],
          left.at(row, k + 3),
          tile[k + 3]);
    }
    for (; k < tile.length; k++) {
      double a = left.at(row, k);
      double[] x = tile[k];
      for (int j = 0; j < count; j++) {
        sums[j] += a * x[j];
      }
    }
  }

  private static void add(
      double[] sums,
      int count,
      double a0,
      double[] x0,
      double a1,
      double[] x1,
      double a2,
      double[] x2,
      double a3,
      double[] x3) {
    for (int j = 0; j < count; j++) {
      sums[j] += a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
    }
  }

  /** Writes sums, with a start for each row, to a row-major matrix. */
  static Sums into(float[] y, int offset, int rowStep, double[] starts) {
    return (row, from, count, sums) -> {
      double start = starts.length == 0 ? 0 : starts[row];
      int at = offset + row * rowStep + from;
      for (int j = 0; j < count; j++) {
        y[at + j] = (float) (sums[j] + start);
      }
    };
  }
}
