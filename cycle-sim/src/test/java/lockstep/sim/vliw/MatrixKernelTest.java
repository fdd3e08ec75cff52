// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.vliw.BundleCode;
import lockstep.compiler.vliw.Operation;
import lockstep.compiler.vliw.Operation.Access;
import lockstep.compiler.vliw.Operation.Use;
import lockstep.compiler.vliw.PipelinedLoop;
import lockstep.compiler.vliw.Register;
import lockstep.compiler.vliw.Register.File;
import lockstep.isa.BundleStream;
import lockstep.isa.Stream;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.TransferField;
import lockstep.isa.vliw.VliwIsa;
import org.junit.jupiter.api.Test;

/**
 * int8 64 x 64 x 64 on a machine like an AIE-ML tile, sums to local memory: two by two products of
 * the matrix unit share their operands, eight rounds of them overlap, four times.
 *
 * <pre>
 * left    [8 row pairs][8 depths][2]         vectors of 4 x 8 codes
 * right   [4 column pairs][8 depths][2]      2 vectors of 8 x 8 codes
 * sums    [4 column pairs][8 row pairs][2][2] 4 vectors of 4 x 8 sums
 * </pre>
 */
class MatrixKernelTest {
  private static final int N = 64;
  private static final int LEFT = 0;
  private static final int RIGHT = 4096;
  private static final int SUMS = 8192;
  private static final int WORD = 8;
  private static final int MEMORY = 1 << 16;
  private static final int PUBLISHED_BOUND = 1024;
  private static final int MOST_STEPS = 1250;

  private static final VliwArchitecture MACHINE =
      (VliwArchitecture)
          SpecLoader.load(Path.of("../arch-specs/npu-aie-like.yaml"), List.of()).architecture();

  private static final Register LEFT_BASE = new Register(File.SCALAR, 0, 1);
  private static final Register RIGHT_BASE = new Register(File.SCALAR, 1, 1);
  private static final Register SUMS_BASE = new Register(File.SCALAR, 2, 1);
  private static final Map<Register, Integer> FIXED =
      Map.of(LEFT_BASE, 0, RIGHT_BASE, 1, SUMS_BASE, 2);

  private static List<Integer> banks(int offset) {
    List<Integer> banks = new ArrayList<>();
    for (int i = 0; i < MACHINE.pieces(); i++) {
      banks.add((offset / WORD + i) % MACHINE.localMemory().banks());
    }
    return banks;
  }

  private static Operation load(Register base, int offset, Register to, int part) {
    return new Operation(
        SlotKind.LOAD,
        "load",
        Map.of("step", (long) offset / WORD),
        List.of(Access.of("base", base, Use.READ), new Access("to", to, part, 1, Use.PART)),
        banks(offset));
  }

  private static Operation add(Register base, long value) {
    return new Operation(
        SlotKind.SCALAR,
        "addi",
        Map.of("value", value),
        List.of(Access.of("a", base, Use.READ), Access.of("to", base, Use.WRITE)));
  }

  /** A row pair times a column pair. */
  private static List<Operation> round() {
    List<Operation> round = new ArrayList<>();
    int id = 10;
    Register[][] sums = new Register[2][2];
    for (int t = 0; t < 4; t++) {
      sums[t / 2][t % 2] = new Register(File.ACCUMULATOR, id++, 1);
    }
    for (int k = 0; k < 8; k++) {
      Register[] left = new Register[2];
      Register[] right = new Register[2];
      for (int t = 0; t < 2; t++) {
        left[t] = new Register(File.VECTOR, id++, 1);
        right[t] = new Register(File.VECTOR, id++, 2);
        round.add(load(LEFT_BASE, (2 * k + t) * 32, left[t], 0));
        round.add(load(RIGHT_BASE, (2 * k + t) * 64, right[t], 0));
        round.add(load(RIGHT_BASE, (2 * k + t) * 64 + 32, right[t], 1));
      }
      for (int t = 0; t < 4; t++) {
        round.add(
            new Operation(
                SlotKind.MATRIX,
                "multiply",
                Map.of("add", k == 0 ? 0L : 1L),
                List.of(
                    Access.of("left", left[t / 2], Use.READ),
                    Access.of("right", right[t % 2], Use.READ),
                    Access.of("to", sums[t / 2][t % 2], k == 0 ? Use.WRITE : Use.ADD))));
      }
    }
    for (int t = 0; t < 4; t++) {
      for (int part = 0; part < 4; part++) {
        Register vector = new Register(File.VECTOR, id++, 1);
        int offset = (4 * t + part) * 32;
        round.add(
            new Operation(
                SlotKind.VECTOR,
                "sums",
                Map.of("part", (long) part),
                List.of(
                    Access.of("from", sums[t / 2][t % 2], Use.READ),
                    Access.of("to", vector, Use.WRITE))));
        round.add(
            new Operation(
                SlotKind.STORE,
                "store",
                Map.of("step", (long) offset / WORD, "pieces", (long) MACHINE.pieces()),
                List.of(
                    Access.of("base", SUMS_BASE, Use.READ), Access.of("from", vector, Use.READ)),
                banks(offset)));
      }
    }
    round.add(add(LEFT_BASE, 512));
    round.add(add(SUMS_BASE, 512));
    return round;
  }

  private static void set(BundleCode code, TransferField field, long value) {
    code.append(SlotKind.DMA, "set", Map.of("field", (long) field.ordinal(), "value", value));
  }

  private static void transfer(
      BundleCode code, long direction, long memory, long local, long bytes) {
    set(code, TransferField.MEMORY, memory);
    set(code, TransferField.LOCAL, local);
    set(code, TransferField.BYTES, bytes);
    set(code, TransferField.COUNT1, 1);
    set(code, TransferField.COUNT2, 1);
    set(code, TransferField.COUNT3, 1);
    code.append(SlotKind.DMA, "start", Map.of("direction", direction));
    code.append(SlotKind.DMA, "wait", Map.of("direction", direction & 1, "most", 0L));
  }

  @Test
  void takesLittleMoreThanItsProducts() {
    PipelinedLoop loop = PipelinedLoop.of(MACHINE, round(), 8, FIXED);
    assertThat(loop.bound().interval()).isEqualTo(32);
    assertThat(loop.schedule().interval()).as("at its bound").isEqualTo(32);

    BundleCode code = new BundleCode(MACHINE);
    transfer(code, 0, MEMORY, LEFT, 8192);
    code.append(SlotKind.SCALAR, "li", Map.of("to", 0L, "value", (long) LEFT));
    code.append(SlotKind.SCALAR, "li", Map.of("to", 1L, "value", (long) RIGHT));
    code.append(SlotKind.SCALAR, "li", Map.of("to", 2L, "value", (long) SUMS));
    int first = code.count();
    BundleCode body = new BundleCode(MACHINE);
    body.append(loop);
    int bundles = body.count() + 2;
    code.append(SlotKind.SCALAR, "loop", Map.of("count", 4L, "bundles", (long) bundles));
    code.append(loop);
    code.append(SlotKind.SCALAR, "li", Map.of("to", 0L, "value", (long) LEFT));
    code.append(SlotKind.SCALAR, "addi", Map.of("to", 1L, "a", 1L, "value", 1024L));
    int last = code.count() - 1;
    transfer(code, 1, MEMORY + 8192, SUMS, 4 * N * N);
    code.append(SlotKind.SCALAR, "halt", Map.of());

    byte[] left = new byte[N * N];
    byte[] right = new byte[N * N];
    var random = new SplittableRandom(1);
    random.nextBytes(left);
    random.nextBytes(right);
    VliwRun run = VliwSimulator.run(MACHINE, program(code, laidOut(left, right)), true);

    assertThat(sums(run.result().memory())).isEqualTo(product(left, right));
    long steps = 4L * (loop.steps() + bundles - loop.bundles().size());
    assertThat(steps).isBetween((long) PUBLISHED_BOUND, (long) MOST_STEPS);
    assertThat(run.result().counters()).containsEntry("issue.bank", 0L);
    // the program was fetched while its data came
    long cycles = run.result().retire()[last] - run.firstIssue()[first];
    assertThat(cycles).as("first to last bundle").isEqualTo(steps);
  }

  private static Program program(BundleCode code, byte[] data) {
    int bytes = VliwIsa.of(MACHINE).bytes();
    byte[] stream = BundleStream.compress(code.words(), bytes);
    return new Program(
        "matrix",
        "",
        Stream.BUNDLES,
        bytes,
        0,
        code.count(),
        List.of(
            new Program.Segment(0, Arrays.copyOf(stream, MEMORY)),
            new Program.Segment(MEMORY, data)),
        2L * MEMORY,
        List.of(),
        new int[code.count()],
        List.of(
            new Program.LayerInfo(
                "matrix", N * N * N, "", "", 0, "", 0, "", Program.Stripes.NONE)));
  }

  private static byte[] laidOut(byte[] left, byte[] right) {
    byte[] data = new byte[2 * N * N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        int tile = (i / 8 * 8 + j / 8) * 2 + i % 8 / 4;
        data[LEFT + tile * 32 + i % 4 * 8 + j % 8] = left[i * N + j];
        int square = (j / 16 * 8 + i / 8) * 2 + j % 16 / 8;
        data[RIGHT + square * 64 + i % 8 * 8 + j % 8] = right[i * N + j];
      }
    }
    return data;
  }

  private static int[] sums(byte[] memory) {
    ByteBuffer all = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    int[] sums = new int[N * N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        int block = ((j / 16 * 8 + i / 8) * 2 + i % 8 / 4) * 2 + j % 16 / 8;
        sums[i * N + j] = all.getInt(MEMORY + 8192 + block * 128 + (i % 4 * 8 + j % 8) * 4);
      }
    }
    return sums;
  }

  private static int[] product(byte[] left, byte[] right) {
    int[] sums = new int[N * N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        for (int k = 0; k < N; k++) {
          sums[i * N + j] += left[i * N + k] * right[k * N + j];
        }
      }
    }
    return sums;
  }
}
