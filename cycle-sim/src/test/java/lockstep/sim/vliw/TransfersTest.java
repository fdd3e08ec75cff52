// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThat;

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
}
