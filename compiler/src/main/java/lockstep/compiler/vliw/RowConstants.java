// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Vectors of constants of a layer of rows, as they lie in local memory:
 *
 * <pre>
 * orders that turn a vector by 1, 2, 4, .. bytes | order of the last block | mask of the last lanes
 * | tables | for each quarter of a row: its parameters
 * </pre>
 */
record RowConstants(RowForm rows, RowKernel kernel) {
  private static final int CODES = 256;

  private int turns() {
    return Integer.numberOfTrailingZeros(rows.form().vector());
  }

  /** Number of the order that turns a vector by {@code bytes}, a power of two. */
  int turn(int bytes) {
    return Integer.numberOfTrailingZeros(bytes);
  }

  /** Number of the order that puts the first code in the place of those that are not of the row. */
  int lastOrder() {
    return turns();
  }

  /** Number of the lanes that are 1 where the last quarter's are of the row. */
  int lastMask() {
    return turns() + 1;
  }

  /** Number of the first vector of a table. */
  int table(int table) {
    return turns() + 2 + table * tableVectors();
  }

  int tableVectors() {
    return CODES / rows.form().vector();
  }

  /** Number of the first vector of parameters. */
  int parameters() {
    return table(kernel.tables().size());
  }

  byte[] bytes() {
    int vector = rows.form().vector();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int bytes = 1; bytes < vector; bytes *= 2) {
      for (int i = 0; i < vector; i++) {
        all.write((i + bytes) % vector);
      }
    }
    for (int i = 0; i < vector; i++) {
      int code = i % rows.form().block();
      all.write(rows.lastCodes() > 0 && code >= rows.lastCodes() ? 0 : i);
    }
    ByteBuffer lanes = ByteBuffer.allocate(vector).order(ByteOrder.LITTLE_ENDIAN);
    for (int lane = 0; lane < rows.lanes(); lane++) {
      lanes.putInt(lane < rows.lastLanes() ? 1 : 0);
    }
    all.writeBytes(lanes.array());
    kernel.tables().forEach(all::writeBytes);
    List<int[]> parameters = kernel.parameters();
    for (int place = 0; place < rows.places(); place++) {
      for (int[] each : parameters) {
        lanes.clear();
        for (int lane = 0; lane < rows.lanes(); lane++) {
          int element = rows.element(place, lane);
          lanes.putInt(element < each.length ? each[element] : 0);
        }
        all.writeBytes(lanes.array());
      }
    }
    return all.toByteArray();
  }
}
