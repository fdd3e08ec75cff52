// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.nops;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fetch, expansion, instruction memory, loops; cycles as {@link SmallMachine} counts them. */
class IssueTest {
  private static final String TWO_ENTRIES =
      "{ scalar: li to=1, value=-1; dma: set field=1, value=-1 }\n";

  @Test
  void bundlesOfOneEntryIssueOneACycle() {
    VliwRun run = new SmallMachine().run(nops(10) + HALT);
    // bundle n in 5 + n, halt in 15; 11 entries are three groups of 4 beats
    assertThat(run.result().cycles()).isEqualTo(16);
    assertThat(run.result().retire()).containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    Map<String, Long> counters = run.result().counters();
    assertThat(counters)
        .containsEntry("cycles", 16L)
        .containsEntry("bundles", 11L)
        .containsEntry("issue.busy", 11L)
        .containsEntry("issue.fetch", 5L)
        .containsEntry("scalar.operations", 1L)
        .containsEntry("read_beats", 12L);
  }

  @Test
  void twoEntriesOfABundleTakeTwoCycles() {
    VliwRun run = new SmallMachine().run(TWO_ENTRIES.repeat(4) + HALT);
    // bundle i is expanded in 4 + 2 i; halt, entry 8, in 11
    assertThat(run.result().retire()).containsExactly(6, 8, 10, 12, 13);
    assertThat(run.result().counters()).containsEntry("issue.fetch", 9L);
  }

  @Test
  void aGroupIsAskedForWhenTheBufferHasRoom() {
    SmallMachine small = new SmallMachine();
    small.latency = 20;
    VliwRun run = small.run(nops(12) + HALT);
    // groups 0 and 1, granted in 0 and 1, arrive in 23 to 30. Entry 3 leaves in 26: group 2 is
    // granted in 27 and arrives from 27 + 2 + 20 + 1 = 50 on. Entry 7 leaves in 30: group 3 is
    // granted in 31 and arrives from 54 on, behind group 2.
    assertThat(run.result().retire())
        .containsExactly(25, 26, 27, 28, 29, 30, 31, 32, 52, 53, 54, 55, 56);
    assertThat(run.result().cycles()).isEqualTo(57);
  }

  @ParameterizedTest
  @CsvSource({
    // beat, burst beats, bytes a cycle, banks; issue of the fourth bundle
    // a group is 16 beats in 4 bursts, entry n complete in 2 + 4 n + 3
    "4, 4, 4, 4, 20",
    // a group is a beat, all 4 entries of 32 bytes arrive in 3
    "128, 4, 128, 32, 8",
    // a beat takes 4 cycles: entry n is on the channel in 2 + 4 n + 3
    "16, 4, 4, 4, 20",
    // a beat of 16 bytes at 12 a cycle: entry 3 in 2 + ceil(4 x 16 / 12) - 1 = 7
    "16, 4, 12, 4, 10",
  })
  void widthAndRateOfMemoryDecide(int beat, int burst, int rate, int banks, long fourth) {
    SmallMachine small = new SmallMachine();
    small.beatBytes = beat;
    small.burstBeats = burst;
    small.bytesPerCycle = rate;
    small.banks = banks;
    VliwRun run = small.run(nops(3) + HALT);
    assertThat(run.result().retire()[3]).isEqualTo(fourth);
    assertThat(run.result().counters().get("read_beats")).isEqualTo(Math.max(4 * 16 / beat, 1));
  }

  @Test
  void aLoopKeepsItsBundlesAndNoMoreThanTheMemoryHolds() {
    SmallMachine small = new SmallMachine();
    small.instructionMemory = 4;
    VliwRun run = small.run("{ scalar: loop count=10, bundles=3 }\n" + nops(8) + HALT);
    // loop in 5, bodies in 6 to 35. Bundle 4 has room when bundle 1 is the oldest, the next
    // ones from 36 on, when bundle 4 is: 5 is expanded in 36, 6 in 37, 7 in 38; 8 needs bundle
    // 5 to be the oldest, in 37, and 9 bundle 6, in 39
    assertThat(run.result().retire()).containsExactly(5, 33, 34, 35, 36, 38, 39, 40, 41, 42);
    assertThat(run.issues()).containsExactly(1, 10, 10, 10, 1, 1, 1, 1, 1, 1);
    assertThat(run.firstIssue()).startsWith(5, 6, 7, 8, 36);
    assertThat(run.result().counters())
        .containsEntry("bundles", 37L)
        .containsEntry("issue.fetch", 6L);
  }

  @Test
  void loopsNest() {
    String text =
        """
        { scalar: loop count=3, bundles=5 }
        { }
        { scalar: loop count=4, bundles=2 }
        { }
        { }
        { }
        """;
    VliwRun run = new SmallMachine().run(text + HALT);
    assertThat(run.issues()).containsExactly(1, 3, 3, 12, 12, 3, 1);
    // 1 + 3 (2 + 4 x 2 + 1) + 1 bundles from cycle 5 on
    assertThat(run.result().cycles()).isEqualTo(5 + 35);
    assertThat(run.result().retire()).containsExactly(5, 28, 29, 36, 37, 38, 39);
  }

  @Test
  void withoutValuesTheTimesAreTheSame() {
    SmallMachine small = new SmallMachine();
    var machine = small.machine();
    var program = SmallMachine.program(machine, TWO_ENTRIES.repeat(9) + HALT, 4096);
    VliwRun timed = VliwSimulator.run(machine, program, false);
    VliwRun valued = VliwSimulator.run(machine, program, true);
    assertThat(timed.result().memory()).isNull();
    assertThat(timed.result().retire()).isEqualTo(valued.result().retire());
    assertThat(timed.result().counters()).isEqualTo(valued.result().counters());
  }
}
