// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicInstruction.Execute;
import lockstep.isa.systolic.SystolicInstruction.Load;
import lockstep.isa.systolic.SystolicInstruction.Store;
import org.junit.jupiter.api.Test;

class ScratchpadHeldTest {

  @Test
  void countsWhatStaysBetweenTheLayersThatWriteAndReadIt() {
    List<SystolicInstruction> program =
        List.of(
            load(0, 4, 0),
            load(100, 3, 0),
            execute(0, 4, 100, 3),
            store(200, 5),
            load(100, 2, 0),
            execute(100, 2, 100, 1),
            store(-1, 1),
            load(100, 3, 0),
            execute(200, 5, 100, 3),
            store(-1, 5));
    int[] layers = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2};
    assertThat(ScratchpadHeld.most(program.subList(0, 4), layers, 8)).isEqualTo(4 + 3 + 5);
    assertThat(ScratchpadHeld.most(program.subList(0, 7), layers, 8)).isEqualTo(4 + 3 + 5);
    assertThat(ScratchpadHeld.most(program, layers, 8)).isEqualTo(4 + 3 + 5);
    assertThat(ScratchpadHeld.most(program.subList(3, 10), new int[] {0, 1, 1, 1, 2, 2, 2}, 8))
        .as("layer 1 holds its 2 rows and the 5 that layer 2 reads, layer 2 those and 3 of its own")
        .isEqualTo(8);
  }

  @Test
  void whatIsWrittenAgainWasNotNeededBefore() {
    int[] layers = {0, 1, 1};
    assertThat(
            ScratchpadHeld.most(
                List.of(load(0, 6, 0), load(0, 4, 0), execute(0, 3, 3, 1)), layers, 8))
        .isEqualTo(6);
    assertThat(
            ScratchpadHeld.most(
                List.of(load(0, 2, 0), load(10, 4, 0), execute(10, 3, 13, 1)), layers, 8))
        .isEqualTo(4);
    assertThat(
            ScratchpadHeld.most(
                List.of(load(10, 2, 0), load(10, 4, 8), execute(10, 3, 13, 1)),
                new int[] {0, 0, 1},
                8))
        .isEqualTo(4);
  }

  @Test
  void anExecuteReadsTheRowsThatAWalkOverItsTapsAndPixelsFinds() {
    long seed = 7;
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      int[] sizes = random.ints(5, 1, 5).toArray();
      int[] strides = random.ints(5, 0, 7).toArray();
      Set<Integer> rows = new HashSet<>();
      for (int y = 0; y < sizes[0]; y++) {
        for (int x = 0; x < sizes[1]; x++) {
          for (int c = 0; c < sizes[2]; c++) {
            for (int fy = 0; fy < sizes[3]; fy++) {
              for (int fx = 0; fx < sizes[4]; fx++) {
                rows.add(
                    y * strides[0]
                        + x * strides[1]
                        + c * strides[2]
                        + fy * strides[3]
                        + fx * strides[4]);
              }
            }
          }
        }
      }
      assertThat(ScratchpadHeld.most(List.of(execute(sizes, strides)), new int[1], 8))
          .as("seed %d, case %d, sizes %s, strides %s", seed, i, sizes, strides)
          .isEqualTo(rows.size());
    }
  }

  /** Sizes and strides of lines, pixels, channel blocks, kernel lines and kernel columns. */
  private static Execute execute(int[] n, int[] stride) {
    return new Execute(
        0, 0, false, false, false, false, false, 0, 0, 0, 0, n[0], n[1], stride[0], stride[1], n[2],
        n[3], n[4], stride[2], stride[3], stride[4]);
  }

  @Test
  void aRowThatACopyGoesOnInIsHeld() {
    Load patches =
        new Load(
            0, 0, false, false, 0, false, 10, 0, 3, 3, 1, 1, 0, 0, 2, 4, 6, 0, 3, 0, 6, 0, false, 2,
            4);
    assertThat(ScratchpadHeld.most(List.of(patches), new int[1], 4))
        .as("bytes 0 to 5 and 6 to 11 of two patches: rows 10, 14, 18 and 11, 15, 19")
        .isEqualTo(6);
  }

  private static Load load(int row, int rows, int lane) {
    return new Load(
        0, 0, false, false, 0, false, row, lane, 1, 0, 0, rows, 0, 1, 1, 0, 8, 0, 1, 0, 8, 0, false,
        0, 0);
  }

  private static Execute execute(int row, int rows, int weights, int weightRows) {
    return new Execute(
        0,
        0,
        false,
        false,
        false,
        false,
        false,
        row,
        weights,
        0,
        weightRows,
        1,
        rows,
        rows,
        1,
        1,
        1,
        1,
        0,
        0,
        0);
  }

  /** To scratchpad rows, or to memory if the row is negative. */
  private static Store store(int row, int rows) {
    return new Store(
        0,
        0,
        false,
        false,
        0,
        0,
        0,
        0,
        false,
        0,
        1,
        rows,
        1,
        1,
        1,
        1,
        0,
        0,
        1,
        rows,
        8,
        0,
        -128,
        127,
        0,
        0,
        0,
        0,
        row >= 0,
        Math.max(0, row),
        rows,
        0,
        0);
  }
}
