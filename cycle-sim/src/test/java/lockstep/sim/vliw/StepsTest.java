// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static lockstep.sim.vliw.SmallMachine.nops;
import static lockstep.sim.vliw.SmallMachine.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lockstep.compiler.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What registers hold in which step, where accesses go, and how long banks take. */
class StepsTest {
  private static final int DATA = 4096;
  private static final int OUT = 8192;

  private static final String WAIT_IN = "{ dma: wait direction=0, most=0 }\n";

  /** The words of local memory after a run; 16 words of data, 101 to 116, are in it before. */
  private static int[] local(SmallMachine small, String text) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      data.putInt(101 + i);
    }
    VliwRun run =
        small.run(
            transfer(0, DATA, 0, 64) + WAIT_IN + text + transfer(1, OUT, 0, 512) + HALT,
            new Program.Segment(DATA, data.array()));
    byte[] memory = run.result().memory();
    int[] words = new int[128];
    ByteBuffer.wrap(memory, OUT, 512).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    return words;
  }

  private static int[] part(int[] words, int from, int count) {
    int[] part = new int[count];
    System.arraycopy(words, from, part, 0, count);
    return part;
  }

  @Test
  void aRegisterHasItsOldValueUntilTheLatencyIsOver() {
    String text =
        """
        { load0: load to=1 }
        { store: store from=1, step=32, pieces=1 }
        { store: store from=1, step=33, pieces=1 }
        { store: store from=1, step=34, pieces=1; vector: splat to=1, value=7 }
        { store: store from=1, step=35, pieces=1 }
        { store: store from=1, step=36, pieces=1 }
        """;
    // the load's step is n: its result in n + 3, that of splat, in n + 3, in n + 5
    assertThat(part(local(new SmallMachine(), text), 32, 5)).containsExactly(0, 0, 101, 101, 7);
  }

  @Test
  void aBundleStoresWhatItsLoadDoesNotSeeYet() {
    String text =
        """
        { vector: splat to=1, value=7 }
        { }
        { load0: load to=2; store: store from=1, pieces=1 }
        { load0: load to=3 }
        { }
        { store: store from=2, step=32, pieces=1 }
        { store: store from=3, step=33, pieces=1 }
        """;
    assertThat(part(local(new SmallMachine(), text), 32, 2)).containsExactly(101, 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void productsAddToWhatTheOneBeforeLeft(int latency) {
    SmallMachine small = new SmallMachine();
    small.matrixLatency = 2 + latency;
    String text =
        """
        { vector: splat to=1, value=0x01010101 }
        { }
        { matrix: multiply to=2, left=1, right=1 }
        { matrix: multiply to=2, left=1, right=1, add=1 }
        { matrix: multiply to=2, left=1, right=1, add=1 }
        """
            + nops(latency - 1)
            + """
        { vector: sums to=2, from=2, part=1 }
        { vector: sums to=3, from=2, part=1; store: store from=2, step=30, pieces=1 }
        { vector: sums to=4, from=2, part=1 }
        { store: store from=2, step=32, pieces=1 }
        { store: store from=3, step=34, pieces=1 }
        { store: store from=4, step=36, pieces=1 }
        """;
    int[] words = local(small, text);
    // four products of 1 by 1 each; sums are read in the steps in which the results arrive
    assertThat(new int[] {words[30], words[32], words[34], words[36]}).containsExactly(0, 4, 8, 12);
  }

  @Test
  void anAddressStepsOnInTheNextStepAndAnAdditionAfterItsLatency() {
    SmallMachine small = new SmallMachine();
    small.scalarLatency = 2;
    String text =
        """
        { vector: splat to=1, value=7; scalar: li to=1, value=128 }
        { vector: splat to=2, value=8; scalar: li to=2, value=0x20000100 }
        { store: store base=1, step=2, post=1, from=1, pieces=1; scalar: addi to=3, a=1, value=-64 }
        { store: store base=1, from=1, pieces=1 }
        { store: store base=3, from=1, pieces=1 }
        { store: store base=2, step=-8, from=2, pieces=1 }
        """;
    int[] words = local(small, text);
    assertThat(words[32]).isEqualTo(7);
    assertThat(words[33]).isZero();
    assertThat(words[34]).isEqualTo(7);
    assertThat(words[16]).isEqualTo(7);
    // 0x20000100 is word 64 of 128; 8 words before it
    assertThat(words[56]).isEqualTo(8);
  }

  @Test
  void nestedLoopsStepAddressesOn() {
    String text =
        """
        { vector: splat to=1, value=7; scalar: li to=1, value=128 }
        { scalar: loop count=2, bundles=5 }
        { scalar: mul to=2, a=1, b=3 }
        { scalar: loop count=3, bundles=1 }
        { store: store base=1, step=4, post=1, from=1, pieces=2 }
        { scalar: li to=4, value=8 }
        { scalar: add to=1, a=1, b=4 }
        """;
    int[] words = local(new SmallMachine(), text);
    int[] expected = new int[96];
    for (int first : new int[] {0, 4, 8, 14, 18, 22}) {
      expected[first] = 7;
      expected[first + 1] = 7;
    }
    assertThat(part(words, 32, 96)).isEqualTo(expected);
  }

  @Test
  void patternsOrderTheWords() {
    String text =
        """
        { scalar: pattern pattern=3, inner=1, inner_step=9, outer_step=5; load0: load pattern=3, to=1 }
        { scalar: pattern pattern=4, inner=2, inner_step=-3; load0: load pattern=3, step=1, to=2 }
        { load0: load pattern=4, step=7, to=3 }
        { store: store from=1, step=32, pieces=2 }
        { store: store from=2, step=34, pieces=2 }
        { store: store from=3, step=40, pattern=3, pieces=2 }
        """;
    int[] words = local(new SmallMachine(), text);
    // pattern 3 is set from the second bundle on: words 0 and 1; 1 and 1 + 5; 7 and 7 - 3
    assertThat(part(words, 32, 4)).containsExactly(101, 102, 102, 107);
    assertThat(new int[] {words[40], words[45]}).containsExactly(108, 105);
  }

  @ParameterizedTest
  @CsvSource({
    // words of the two loads, of a store of two pieces; ports; cycles of the step.
    // Banks 0 1, 2 3 and none
    "0, 2, , 1, 1",
    // banks 0 1 twice
    "0, 4, , 1, 2",
    "0, 4, , 2, 1",
    // equal words count twice
    "0, 0, , 1, 2",
    // 0 1, 1 2, 1 2: bank 1 three times
    "0, 1, 33, 1, 3",
    "0, 1, 33, 2, 2",
    // 0 1, 2 3, 3 0
    "0, 2, 35, 1, 2",
  })
  void banksServeSoManyPiecesACycle(int first, int second, Integer store, int ports, int cycles) {
    SmallMachine small = new SmallMachine();
    small.ports = ports;
    String stored = store == null ? "" : "; store: store step=%d, pieces=2".formatted(store);
    VliwRun run =
        small.run(
            "{ load0: load step=%d, to=1; load1: load step=%d, to=2%s }\n"
                    .formatted(first, second, stored)
                + HALT);
    // the bundle issues in 5 or, if it is of two entries, in 6
    long issued = run.result().retire()[0];
    assertThat(run.result().retire()[1]).isEqualTo(issued + cycles);
    assertThat(run.result().counters())
        .containsEntry("issue.bank", cycles - 1L)
        .containsEntry("local_reads", 4L)
        .containsEntry("local_writes", store == null ? 0L : 2L);
  }

  @Test
  void aPatternConflictsWithItself() {
    SmallMachine small = new SmallMachine();
    String text =
        """
        { scalar: pattern inner=2, inner_step=4 }
        { load0: load to=1 }
        { load0: load to=2; load1: load to=3 }
        { store: store from=1, pieces=1 }
        """;
    VliwRun run = small.run(text + HALT);
    // words 0 and 4 of bank 0: 2 cycles, twice: 4; of a store only what it writes counts
    assertThat(run.result().retire()).containsExactly(5, 6, 8, 12, 13);
    assertThat(run.result().counters()).containsEntry("issue.bank", 4L);
  }
}
