// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.FixedPoint;
import org.junit.jupiter.api.Test;

/**
 * 64 x 64 x 64 codes on the machine with 4 x 8 by 8 x 8 products, all in local memory: one tile of
 * 4 x 8 results at a time.
 *
 * <pre>
 * A  tile (i, k), 4 x 8 codes, at 32 (8 i + k)                i < 16, k < 8
 * B  tile (k, j), 8 x 8 codes, at 4096 + 64 (8 j + k)         j < 8
 * P  bias, multiplier, shift of 8 columns, at 8192 + 96 j
 * C  tile (i, j), 4 x 8 codes, at 9248 + 32 (16 j + i), behind a place for what is stored too early
 * </pre>
 */
class KernelTest {
  private static final int SIZE = 64;
  private static final int IN = 8192;
  private static final int OUT = 32768;
  private static final int LOCAL_B = 4096;
  private static final int LOCAL_P = 8192;
  private static final int LOCAL_C = 9216;
  private static final int TILE_BUNDLES = 30;

  /** Registers: 1 A, 2 B of the tile, 3 B of the column, 4 C, 5 parameters. */
  private static String kernel() {
    StringBuilder text = new StringBuilder();
    text.append("{ scalar: li to=3, value=%d }\n".formatted(LOCAL_B));
    text.append("{ scalar: li to=4, value=%d }\n".formatted(LOCAL_C));
    text.append("{ scalar: li to=5, value=%d }\n".formatted(LOCAL_P));
    text.append("{ scalar: loop count=8, bundles=%d }\n".formatted(TILE_BUNDLES + 6));
    text.append("{ scalar: li to=1, value=0; load0: load base=5, step=4, post=1, to=5 }\n");
    text.append("{ load0: load base=5, step=4, post=1, to=6 }\n");
    text.append("{ load0: load base=5, step=4, post=1, to=7 }\n");
    text.append("{ scalar: loop count=16, bundles=%d }\n".formatted(TILE_BUNDLES));
    for (int step = 0; step < TILE_BUNDLES; step++) {
      text.append("{ ").append(String.join("; ", tile(step))).append(" }\n");
    }
    text.append("{ scalar: addi to=3, a=3, value=512 }\n");
    return text.append("{ }\n").toString();
  }

  /**
   * Loads of products k in steps 1 + 2 k and 2 + 2 k, where they arrive 5 later; multiplied when
   * the last arrives, in 7 + 2 k; the last product is in its accumulator in 7 + 14 + 4 = 25, its
   * last quarter in 28 + 2 = 30, which is the first step of the next tile.
   */
  private static List<String> tile(int step) {
    List<String> operations = new ArrayList<>();
    if (step == 0) {
      operations.add("scalar: addi to=2, a=3");
      operations.add("store: store base=4, from=4, pieces=4, step=4, post=1");
    }
    int k = (step - 1) / 2;
    if (step > 0 && k < 8) {
      if (step % 2 == 1) {
        operations.add("load0: load base=1, to=0, step=4, post=1");
      }
      operations.add("load1: load base=2, to=%d, step=4, post=1".formatted(2 - step % 2));
    }
    int product = step - 7;
    if (product >= 0 && product % 2 == 0 && product / 2 < 8) {
      int add = product == 0 ? 0 : 1;
      operations.add("matrix: multiply to=0, left=0, right=1, add=%d".formatted(add));
    }
    if (step >= 25 && step < 29) {
      operations.add(
          "vector: requantise to=4, quarter=%1$d, part=%1$d, from=0, parameters=5, zero=-2, min=-128, max=127"
              .formatted(step - 25));
    }
    return operations;
  }

  @Test
  void matrixProduct() {
    var machine =
        (VliwArchitecture)
            SpecLoader.load(Path.of("../arch-specs/npu-aie-like.yaml"), List.of()).architecture();
    SplittableRandom random = new SplittableRandom(64);
    byte[] a = new byte[SIZE * SIZE];
    byte[] b = new byte[SIZE * SIZE];
    random.nextBytes(a);
    random.nextBytes(b);
    int[] bias = random.ints(SIZE, -100_000, 100_000).toArray();
    int[] multiplier = random.ints(SIZE, 1 << 23, 1 << 24).toArray();

    String text =
        transfer(0, IN, 0, LOCAL_C)
            + "{ dma: wait direction=0, most=0 }\n"
            + kernel()
            // each tile is stored in the first step of the next, and so is the last one here
            + "{ store: store base=4, from=4, pieces=4 }\n"
            + transfer(1, OUT, LOCAL_C + 32, SIZE * SIZE)
            + HALT;
    Program program =
        SmallMachine.program(
            machine, text, 65536, new Program.Segment(IN, tiles(a, b, bias, multiplier)));
    VliwRun run = VliwSimulator.run(machine, program, true);

    VliwRun timed = VliwSimulator.run(machine, program, false);
    assertThat(timed.result().counters()).isEqualTo(run.result().counters());
    assertThat(timed.result().retire()).isEqualTo(run.result().retire());
    assertThat(timed.issues()).isEqualTo(run.issues());
    assertThat(Arrays.copyOfRange(run.result().memory(), OUT, OUT + SIZE * SIZE))
        .isEqualTo(expected(a, b, bias, multiplier));
    assertThat(run.result().counters())
        .containsEntry("matrix.operations", 1024L)
        .containsEntry("vector.operations", 512L)
        .containsEntry("local_writes", 4L * 129)
        .containsEntry("local_reads", 4L * (128 * 24 + 24));
    // A's tile k lies in banks 4 k to 4 k + 3, the first vector of B's in 8 k to 8 k + 3, modulo
    // 16: they meet for k = 0 and 4, twice a tile. Nothing else waits within the kernel
    assertThat(run.result().counters()).containsEntry("issue.bank", 128L * 2);
    int first = 8;
    int last = program.instructionCount() - 1 - 8;
    long cycles = run.result().retire()[last] - run.firstIssue()[first] + 1;
    assertThat(cycles).isEqualTo(4 + 8 * (6 + 16 * (TILE_BUNDLES + 2)) + 1);
  }

  private static byte[] tiles(byte[] a, byte[] b, int[] bias, int[] multiplier) {
    ByteBuffer tiles = ByteBuffer.allocate(LOCAL_C).order(ByteOrder.LITTLE_ENDIAN);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        tiles.put(32 * (8 * (y / 4) + x / 8) + 8 * (y % 4) + x % 8, a[SIZE * y + x]);
        tiles.put(LOCAL_B + 64 * (8 * (x / 8) + y / 8) + 8 * (y % 8) + x % 8, b[SIZE * y + x]);
      }
    }
    for (int x = 0; x < SIZE; x++) {
      int at = LOCAL_P + 96 * (x / 8) + 4 * (x % 8);
      tiles.putInt(at, bias[x]).putInt(at + 32, multiplier[x]).putInt(at + 64, 35);
    }
    return tiles.array();
  }

  private static byte[] expected(byte[] a, byte[] b, int[] bias, int[] multiplier) {
    byte[] c = new byte[SIZE * SIZE];
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        int sum = 0;
        for (int k = 0; k < SIZE; k++) {
          sum += a[SIZE * y + k] * b[SIZE * k + x];
        }
        c[32 * (16 * (x / 8) + y / 4) + 8 * (y % 4) + x % 8] =
            FixedPoint.postProcess(
                sum, bias[x], multiplier[x], 35, 0, 0, 0, 32768, 0, -2, -128, 127);
      }
    }
    return c;
  }
}
