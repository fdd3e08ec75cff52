// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import lockstep.compiler.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers: when they finish, and what they move. Bundle 6 is the start, in cycle 11. */
class TransfersTest {
  private static final int DATA = 4096;
  private static final int OUT = 8192;

  private static byte[] counting(int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (i + 1);
    }
    return data;
  }

  private static String waiting(int direction) {
    return "{ dma: wait direction=%d, most=0 }\n".formatted(direction);
  }

  @ParameterizedTest
  @CsvSource({
    // address, bytes, outstanding, latency, wait issues, beats
    // start 11, taken 12, granted 13, beats in 15 to 18, finished in 19
    "4096, 64, 2, 0, 20, 4",
    // all 7 later: bundles, and 7 more from grant to beats
    "4096, 64, 2, 7, 34, 4",
    // the second burst is granted in 14, its beats follow in 19 to 22
    "4096, 128, 2, 0, 24, 8",
    // with one outstanding in 19, when the first is complete: beats in 21 to 24
    "4096, 128, 1, 0, 26, 8",
    // 8 bytes of one beat and 60 of the next burst: 1 + 4 beats
    "4152, 68, 2, 0, 21, 5",
  })
  void inFromMemory(int address, int bytes, int outstanding, int latency, long at, long beats) {
    SmallMachine small = new SmallMachine();
    small.outstanding = outstanding;
    small.latency = latency;
    VliwRun run = small.run(transfer(0, address, 0, bytes) + waiting(0) + HALT);
    // bundles 0 to 7 are two groups; halt's group is granted in 7 without, in 14 with latency
    assertThat(run.result().retire()[7]).isEqualTo(at);
    assertThat(run.result().counters())
        .containsEntry("read_beats", 12 + beats)
        .containsEntry("dma.operations", 8L);
  }

  @Test
  void timesOfTransfersAreTold() {
    SmallMachine small = new SmallMachine();
    String local = "{ dma: set field=1, value=%d }\n{ dma: start direction=%d }\n";
    VliwRun run =
        small.run(
            transfer(0, DATA, 0, 64)
                + local.formatted(128, 2)
                + local.formatted(256, 1)
                + waiting(1)
                + HALT);
    // active from 13, its beats behind some of the bundles; the constant waits for it, 4 x 16 bytes
    assertThat(run.transfers())
        .containsExactly(
            new TransferTime(6, false, false, 64, 11, 13, 22),
            new TransferTime(8, false, true, 64, 13, 24, 27),
            new TransferTime(10, true, false, 64, 15, 17, run.result().retire()[11] - 1));
    assertThat(run.localBytes()).isEqualTo(256 + 64);
  }

  @ParameterizedTest
  @CsvSource({
    // bytes, outstanding, burst beats, latency, rate; wait issues
    // taken 12; beats read in 13 to 16, accepted in 15 to 18; response in 19
    "64, 2, 4, 0, 16, 20",
    // as late as bundles are, 5, and the response 5 later
    "64, 2, 4, 5, 16, 30",
    // bursts granted in 13 and 14: no gap, 8 beats accepted in 15 to 22
    "128, 2, 4, 0, 16, 24",
    // one outstanding: response in 19, granted in 20, on the channel in 21, accepted to 24
    "128, 1, 4, 0, 16, 26",
    // bursts of one beat, each granted when the one before was answered: 13, accepted 15,
    // answered 16; granted 17, accepted 18, answered 19; 20, 22; 23, 25
    "64, 1, 1, 0, 16, 26",
  })
  void out(int bytes, int outstanding, int burst, int latency, int rate, long at) {
    SmallMachine small = new SmallMachine();
    small.outstanding = outstanding;
    small.burstBeats = burst;
    small.latency = latency;
    small.bytesPerCycle = rate;
    VliwRun run = small.run(transfer(1, OUT, 0, bytes) + waiting(1) + HALT);
    assertThat(run.result().retire()[7]).isEqualTo(at);
    assertThat(run.result().counters()).containsEntry("write_beats", bytes / 16L);
  }

  @Test
  void aSlowMemoryTakesABeatWhenItHasCreditForIt() {
    SmallMachine small = new SmallMachine();
    small.bytesPerCycle = 4;
    VliwRun run = small.run(transfer(1, OUT, 0, 64) + waiting(1) + HALT);
    // bundle n is ready in 8 + 4 n: start in 32, taken in 33, beats read in 34 to 37, accepted in
    // 36, 40, 44, 48; response in 49
    assertThat(run.result().retire()).endsWith(32, 50, 51);
    assertThat(run.result().counters()).containsEntry("issue.wait", 50L - 36);
  }

  @Test
  void theReaderIsTwoBurstsAheadAtMost() {
    SmallMachine small = new SmallMachine();
    small.burstBeats = 1;
    small.outstanding = 1;
    String text = transfer(1, OUT, 0, 64) + "{ dma: start direction=1 }\n";
    VliwRun run = small.run(text + "{ dma: wait direction=1, most=1 }\n" + waiting(1) + HALT);
    // bursts as in `out`: granted in 13, 17, 20, 23, accepted in 15, 18, 21, 24, answered in 25.
    // Reads in 13, 14 and, as 15 and 18 free a place, 16, 19; the address stage is idle in 24: the
    // second is taken then, read in 25, granted in 26 (answered in 25), accepted in 27, and so on
    // every 3 cycles, answered in 37
    assertThat(run.result().retire()).endsWith(12, 26, 38, 39);
  }

  @Test
  void aConstantFillsRunsABeatACycle() {
    SmallMachine small = new SmallMachine();
    String fields =
        """
        { dma: set field=1, value=16 }
        { dma: set field=2, value=40 }
        { dma: set field=3, value=2 }
        { dma: set field=4, value=1 }
        { dma: set field=5, value=1 }
        { dma: set field=9, value=64 }
        { dma: set field=12, value=-5 }
        { dma: start direction=2 }
        """;
    VliwRun run = small.run(fields + waiting(0) + transfer(1, OUT, 0, 128) + HALT);
    // start in 12, taken in 13; 40 bytes are 3 cycles, twice, 14 to 19
    assertThat(run.result().retire()[8]).isEqualTo(20);
    assertThat(run.result().counters()).containsEntry("constant_writes", 6L);
    byte[] expected = new byte[128];
    Arrays.fill(expected, 16, 56, (byte) -5);
    Arrays.fill(expected, 80, 120, (byte) -5);
    assertThat(Arrays.copyOfRange(run.result().memory(), OUT, OUT + 128)).isEqualTo(expected);
  }

  @Test
  void aConstantWaitsForWhatIsBeforeItAndHoldsUpWhatFollows() {
    String text =
        transfer(0, DATA, 0, 64)
            + """
            { dma: set field=1, value=64 }
            { dma: start direction=2 }
            { dma: set field=1, value=128 }
            { dma: wait direction=0, most=1 }
            { dma: start direction=0 }
            { dma: wait direction=0, most=1 }
            """
            + waiting(0)
            + HALT;
    VliwRun run = new SmallMachine().run(text);
    // the last group of bundles, granted in 11, is on the channel until 17, the first transfer from
    // 18 to 21: finished in 22. The constant is taken in 23 and writes in 24 to 27; the third
    // started in 24, is taken in 28, granted in 29, its beats in 31 to 34
    assertThat(run.result().retire()).endsWith(13, 14, 23, 24, 28, 36, 37);
  }

  @Test
  void aStartWaitsForRoom() {
    SmallMachine small = new SmallMachine();
    small.transferDepth = 1;
    VliwRun run = small.run(transfer(0, DATA, 0, 64) + "{ dma: start direction=0 }\n" + HALT);
    // the first is finished in 19; the second is taken in 21, granted in 22, its beats in 24 to 27
    assertThat(run.result().retire()).endsWith(11, 20, 29);
    assertThat(run.result().counters())
        .containsEntry("issue.transfer", 8L)
        .containsEntry("issue.drain", 8L);
  }

  @Test
  void fourDimensionsOfRuns() {
    String fields =
        """
        { dma: set field=0, value=%d }
        { dma: set field=2, value=4 }
        { dma: set field=3, value=2; scalar: li to=2, value=3 }
        { dma: put field=4, from=2 }
        { dma: set field=5, value=2 }
        { dma: set field=6, value=12 }
        { dma: set field=7, value=-4 }
        { dma: set field=8, value=100 }
        { dma: set field=9, value=4 }
        { dma: set field=10, value=8 }
        { dma: set field=11, value=24 }
        { dma: start direction=0 }
        { dma: wait direction=0, most=0 }
        """
            .formatted(DATA + 20);
    VliwRun run =
        new SmallMachine()
            .run(fields + transfer(1, OUT, 0, 48) + HALT, new Program.Segment(DATA, counting(256)));
    byte[] data = counting(256);
    byte[] expected = new byte[48];
    int at = 0;
    for (int third = 0; third < 2; third++) {
      for (int second = 0; second < 3; second++) {
        for (int first = 0; first < 2; first++) {
          System.arraycopy(data, 20 + 100 * third - 4 * second + 12 * first, expected, at, 4);
          at += 4;
        }
      }
    }
    assertThat(Arrays.copyOfRange(run.result().memory(), OUT, OUT + 48)).isEqualTo(expected);
    // each run of 4 bytes is a beat of its own; 21 bundles of one entry and one of two, halt, are
    // six groups
    assertThat(run.result().counters()).containsEntry("read_beats", 12L + 24);
  }
}
