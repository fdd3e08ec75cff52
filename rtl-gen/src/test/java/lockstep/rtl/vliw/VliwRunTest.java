// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static lockstep.rtl.vliw.VliwPrograms.DATA;
import static lockstep.rtl.vliw.VliwPrograms.HALT;
import static lockstep.rtl.vliw.VliwPrograms.empty;
import static lockstep.rtl.vliw.VliwPrograms.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.isa.FixedPoint;
import lockstep.rtl.Tools;
import lockstep.sim.RunResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs whose results follow from the contract. */
class VliwRunTest {
  private static final int RESULT = DATA + 4096;

  static final VliwArchitecture MACHINE =
      VliwMachines.small("memory.latency_cycles=0", "memory.bytes_per_cycle=8");

  /** Latencies all different, two ports, wide beats, slow memory. */
  static final VliwArchitecture OTHER =
      VliwMachines.small(
          "slots.scalar.latency=2",
          "slots.load.latency=5",
          "slots.matrix.latency=1",
          "slots.vector.latency=4",
          "slots.special.latency=1",
          "slots.permute.latency=6",
          "registers.vector.count=16",
          "local_memory.ports=2",
          "local_memory.banks=8",
          "dma.width_bytes=32",
          "dma.burst_beats=1",
          "memory.latency_cycles=21",
          "memory.bytes_per_cycle=5");

  @BeforeAll
  static void tools() {
    Tools.assumeInstalled("verilator");
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] found(RunResult run, int count) {
    return Arrays.copyOfRange(run.memory(), RESULT, RESULT + count);
  }

  /**
   * Entries of two beats come every second cycle, the first is in the buffer in cycle 4; so bundle
   * k may issue from 6 + 2 k on.
   */
  @Test
  void loopsTakeACycleABundle() throws Exception {
    RunResult run =
        VliwPrograms.run(
            MACHINE,
            """
            { scalar: li to=1, value=5 }
            { scalar: loop count=3, bundles=4 }
            { scalar: loop count=2, bundles=1 }
            { scalar: addi to=1, a=1, value=7 }
            { scalar: sub to=2, a=1, b=2 }
            { scalar: mul to=2, a=1, b=2 }
            { dma: put field=12, from=2 }
            { scalar: halt }
            """,
            new byte[0]);
    assertThat(run.retire()).containsExactly(6, 8, 22, 24, 25, 26, 27, 28);
    assertThat(run.cycles()).isEqualTo(29);
    assertThat(run.counters())
        .containsEntry("bundles", 19L)
        .containsEntry("issue.busy", 19L)
        .containsEntry("issue.fetch", 10L)
        .containsEntry("scalar.operations", 18L)
        .containsEntry("dma.operations", 1L);
  }

  /** 5 + 3 x 2 x 7 = 47, taken out as the constant of a transfer in and one out. */
  @ParameterizedTest
  @CsvSource({"0, 8", "30, 3"})
  void scalarsLoopsAndConstants(int latency, int bytesPerCycle) throws Exception {
    RunResult run =
        VliwPrograms.run(
            VliwMachines.small(
                "memory.latency_cycles=" + latency, "memory.bytes_per_cycle=" + bytesPerCycle),
            """
            { scalar: li to=1, value=5 }
            { scalar: loop count=3, bundles=3 }
            { scalar: loop count=2, bundles=1 }
            { scalar: addi to=1, a=1, value=7 }
            { }
            { dma: put field=12, from=1 }
            { scalar: li to=3, value=2 }
            { dma: set field=9, value=16 }
            { dma: put field=4, from=3 }
            { dma: set field=1, value=4 }
            { dma: set field=2, value=12 }
            { dma: set field=3, value=2 }
            { dma: set field=4, value=1 }
            { dma: set field=5, value=1 }
            { dma: start direction=2 }
            { dma: wait direction=0, most=0 }
            """
                + transfer(1, RESULT + 4, 0, 48)
                + HALT,
            new byte[0]);
    byte[] expected = new byte[56];
    for (int i = 0; i < 12; i++) {
      expected[4 + 4 + i] = 47;
      expected[4 + 20 + i] = 47;
    }
    assertThat(found(run, 56)).isEqualTo(expected);
    assertThat(run.counters())
        .containsEntry("constant_writes", 4L)
        .containsEntry("write_beats", 7L);
  }

  /** Every second word of the data, two by two, which are in one bank, stored side by side. */
  @Test
  void patternsGatherWordsAndBanksMakeWait() throws Exception {
    byte[] data = bytes(64, 1);
    RunResult run =
        VliwPrograms.run(
            MACHINE,
            transfer(0, DATA, 0, 64)
                + """
                { scalar: pattern pattern=3, inner=1, inner_step=0, outer_step=2 }
                { scalar: li to=1, value=0 }
                { scalar: li to=2, value=128 }
                { scalar: loop count=4, bundles=4 }
                { load: load base=1, step=4, post=1, pattern=3, to=5 }
                { load: load base=1, step=-3, post=0, pattern=3, to=6 }
                { }
                { store: store base=2, step=2, post=1, pattern=0, from=5, pieces=2 }
                { store: store base=2, step=-1, post=0, pattern=0, from=6, pieces=1 }
                """
                + transfer(1, RESULT, 128, 36)
                + HALT,
            data);
    byte[] expected = new byte[36];
    for (int i = 0; i < 8; i++) {
      System.arraycopy(data, 8 * i, expected, 4 * i, 4);
    }
    assertThat(Arrays.copyOf(found(run, 36), 28)).isEqualTo(Arrays.copyOf(expected, 28));
    assertThat(Arrays.copyOfRange(found(run, 36), 28, 32))
        .isEqualTo(Arrays.copyOfRange(data, 52, 56));
    assertThat(run.counters())
        .containsEntry("issue.bank", 8L)
        .containsEntry("local_reads", 16L)
        .containsEntry("local_writes", 9L);
  }

  /** Runs of 12 bytes in three loops each way, between places that no beat begins at. */
  @ParameterizedTest
  @MethodSource("machines")
  void transfersStrideInThreeLoops(VliwArchitecture machine) throws Exception {
    byte[] data = bytes(800, 3);
    String text =
        strided(0, DATA + 104, 8, new int[] {20, 100, -48}, new int[] {16, 48, 144})
            + strided(1, RESULT + 8, 8, new int[] {12, 60, 124}, new int[] {16, 48, 144})
            + HALT;
    byte[] local = new byte[512];
    byte[] expected = new byte[400];
    for (int i = 0; i < 12; i++) {
      int[] at = {i % 2, i / 2 % 3, i / 6};
      int from = 104 + 20 * at[0] + 100 * at[1] - 48 * at[2];
      System.arraycopy(data, from, local, 8 + 16 * at[0] + 48 * at[1] + 144 * at[2], 12);
    }
    for (int i = 0; i < 12; i++) {
      int[] at = {i % 2, i / 2 % 3, i / 6};
      int to = 8 + 12 * at[0] + 60 * at[1] + 124 * at[2];
      System.arraycopy(local, 8 + 16 * at[0] + 48 * at[1] + 144 * at[2], expected, to, 12);
    }
    assertThat(found(VliwPrograms.run(machine, text, data), 400)).isEqualTo(expected);
    assertThat(found(VliwPrograms.runStalling(machine, text, data, 5), 400)).isEqualTo(expected);
  }

  /** 2 x 3 x 2 runs. */
  private static String strided(
      int direction, int memory, int local, int[] memorySteps, int[] localSteps) {
    StringBuilder text = new StringBuilder();
    int[] values = {
      memory,
      local,
      12,
      2,
      3,
      2,
      memorySteps[0],
      memorySteps[1],
      memorySteps[2],
      localSteps[0],
      localSteps[1],
      localSteps[2]
    };
    for (int i = 0; i < values.length; i++) {
      text.append("{ dma: set field=%d, value=%d }\n".formatted(i, values[i]));
    }
    return text.append("{ dma: start direction=%d }\n".formatted(direction))
        .append("{ dma: wait direction=%d, most=0 }\n".formatted(direction))
        .toString();
  }

  static Stream<VliwArchitecture> machines() {
    return Stream.of(MACHINE, OTHER);
  }

  /**
   * Two products added in one register, all quarters requantised: 2 x 4 sums of depth 8; an operand
   * goes on in register 0.
   */
  @ParameterizedTest
  @MethodSource("machines")
  void productsAreSummedAndRequantised(VliwArchitecture machine) throws Exception {
    int matrix = machine.slots().matrix().latency();
    int vector = machine.slots().vector().latency();
    int load = machine.slots().load().latency();
    int count = machine.registers().vector().count();
    byte[] data = bytes(2 * 8 + 2 * 16, 2);
    int[] parameters = {1000, -20, 9_000_000, 16_000_001, 37, 33};
    byte[] all = Arrays.copyOf(data, data.length + 24);
    for (int i = 0; i < 6; i++) {
      for (int b = 0; b < 4; b++) {
        all[data.length + 4 * i + b] = (byte) (parameters[i] >> 8 * b);
      }
    }
    StringBuilder text = new StringBuilder(transfer(0, DATA, 16, all.length));
    text.append("{ scalar: li to=1, value=16 }\n").append(empty(2));
    for (int i = 0; i < 9; i++) {
      text.append(
          "{ load: load base=1, step=2, post=1, to=%d }\n".formatted((count - 3 + i) % count));
    }
    text.append(empty(load - 1))
        .append(
            "{ matrix: multiply to=1, left=%d, right=%d, add=0 }\n".formatted(count - 3, count - 1))
        .append("{ matrix: multiply to=1, left=%d, right=1, add=1 }\n".formatted(count - 2))
        .append(empty(matrix - 1));
    for (int part = 0; part < 4; part++) {
      text.append(
          "{ vector: requantise to=8, quarter=%1$d, zero=3, min=-100, max=90, from=1, part=%1$d, parameters=3 }\n"
              .formatted(part));
    }
    text.append(empty(vector - 1))
        .append("{ store: store base=0, from=8, pieces=2 }\n")
        .append(transfer(1, RESULT, 0, 8))
        .append(HALT);
    RunResult run = VliwPrograms.run(machine, text.toString(), all);
    byte[] expected = new byte[8];
    for (int r = 0; r < 2; r++) {
      for (int c = 0; c < 4; c++) {
        int sum = 0;
        for (int k = 0; k < 4; k++) {
          sum += data[4 * r + k] * data[16 + 4 * k + c];
          sum += data[8 + 4 * r + k] * data[32 + 4 * k + c];
        }
        int lane = c % 2;
        expected[4 * r + c] =
            FixedPoint.postProcess(
                sum,
                parameters[lane],
                parameters[2 + lane],
                parameters[4 + lane] & 63,
                0,
                0,
                0,
                32768,
                0,
                3,
                -100,
                90);
      }
    }
    assertThat(found(run, 8)).isEqualTo(expected);
  }
}
