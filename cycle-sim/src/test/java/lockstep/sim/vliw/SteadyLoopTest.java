// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static lockstep.sim.vliw.SmallMachine.HALT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounds left out without values against rounds run one by one with values. */
class SteadyLoopTest {
  private static final int PROGRAMS = 200;

  /** A run as far as both ways to run must agree on it. */
  private record Outcome(String text) {
    static Outcome of(SmallMachine small, String text, boolean values) {
      var machine = small.machine();
      var program = SmallMachine.program(machine, text, SmallMachine.MEMORY_BYTES);
      try {
        VliwRun run = VliwSimulator.run(machine, program, values);
        return new Outcome(
            "%s %s %s %s"
                .formatted(
                    Arrays.toString(run.result().retire()),
                    Arrays.toString(run.issues()),
                    Arrays.toString(run.firstIssue()),
                    run.result().counters()));
      } catch (BundleFault e) {
        return new Outcome(String.valueOf(e.getMessage()));
      }
    }
  }

  @Test
  void randomLoopsTakeTheSameTimeBothWays() {
    SplittableRandom random = new SplittableRandom(11);
    int faults = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      SmallMachine small = new SmallMachine();
      small.words = 1024;
      small.scalarLatency = 1 + random.nextInt(3);
      small.banks = 4 << random.nextInt(2);
      small.ports = 1 + random.nextInt(2);
      small.latency = random.nextInt(30);
      StringBuilder text = new StringBuilder();
      for (int r = 1; r < 8; r++) {
        text.append("{ scalar: li to=%d, value=%d }\n".formatted(r, 4 * random.nextInt(64)));
      }
      text.append(random.nextInt(3) == 0 ? SmallMachine.transfer(0, 4096, 3072, 512) : "");
      loop(text, random, 3);
      body(text, random, 2);
      text.append(HALT);
      Outcome timed = Outcome.of(small, text.toString(), false);
      Outcome valued = Outcome.of(small, text.toString(), true);
      if (valued.text().startsWith("bundle")) {
        faults++;
      }
      // which words a transfer moves is watched with values only
      if (!valued.text().contains("unfinished")) {
        assertThat(timed).as(text.toString()).isEqualTo(valued);
      }
    }
    assertThat(faults).isLessThan(PROGRAMS / 4);
  }

  private static void loop(StringBuilder text, SplittableRandom random, int depth) {
    StringBuilder body = new StringBuilder();
    body(body, random, random.nextInt(4));
    if (depth > 1 && random.nextInt(3) > 0) {
      loop(body, random, depth - 1);
    }
    body(body, random, 1 + random.nextInt(3));
    text.append(
        "{ scalar: loop count=%d, bundles=%d }\n"
            .formatted(1 + random.nextInt(depth == 1 ? 60 : 25), body.toString().lines().count()));
    text.append(body);
  }

  /** Registers 1 to 3 step on, 4 to 7 are computed. */
  private static void body(StringBuilder text, SplittableRandom random, int bundles) {
    for (int i = 0; i < bundles; i++) {
      String bundle = "";
      for (int slot = 0; slot < 2; slot++) {
        if (random.nextInt(3) > 0) {
          boolean post = random.nextBoolean();
          int base = post ? 1 + slot : 1 + random.nextInt(7);
          bundle +=
              "load%d: load base=%d, step=%d, post=%d, pattern=%d, to=%d; "
                  .formatted(slot, base, step(random), post ? 1 : 0, random.nextInt(2), slot);
        }
      }
      if (random.nextInt(3) == 0) {
        bundle +=
            "store: store base=3, step=%d, post=1, pieces=%d; "
                .formatted(step(random), random.nextInt(3));
      }
      int a = 1 + random.nextInt(7);
      int to = 4 + random.nextInt(4);
      bundle +=
          switch (random.nextInt(9)) {
            case 0 -> "scalar: li to=%d, value=%d".formatted(to, 4 * random.nextInt(99));
            case 1, 2 -> "scalar: addi to=%d, a=%d, value=%d".formatted(to, to, step(random));
            case 3 -> "scalar: addi to=%d, a=%d, value=%d".formatted(to, a, 4 * step(random));
            case 4 -> "scalar: sub to=%d, a=%d, b=%d".formatted(to, a, 1 + random.nextInt(7));
            case 5 -> "scalar: pattern pattern=1, inner=1, outer_step=%d".formatted(step(random));
            default -> "scalar: nop";
          };
      text.append("{ ").append(bundle).append(" }\n");
    }
  }

  private static int step(SplittableRandom random) {
    return random.nextInt(4) == 0 ? random.nextInt(-40, 40) : 4 * random.nextInt(-2, 3);
  }

  @ParameterizedTest
  @Timeout(60)
  @CsvSource({
    // step of the second load in words; cycles of four rounds: the banks of its two pieces against
    // banks 0 and 1, by round. 0 1 each time
    "4, 8",
    // 0 1, 1 2, 2 3, 3 0
    "1, 7",
    // 0 1, 2 3
    "2, 6",
  })
  void manyRoundsTakeNoTime(int step, long cycles) {
    String text =
        """
        { scalar: loop count=100000, bundles=3 }
        { scalar: loop count=16000000, bundles=1 }
        { load0: load to=1; load1: load base=1, step=%d, post=1, to=2 }
        { }
        """
            .formatted(step);
    var machine = new SmallMachine().machine();
    var program = SmallMachine.program(machine, text + HALT, 4096);
    VliwRun run = VliwSimulator.run(machine, program, false);
    // the outer loop in 5; a round of it is the inner loop, its rounds, and an empty bundle
    assertThat(run.result().cycles()).isEqualTo(6 + 100_000 * (2 + 4_000_000 * cycles) + 1);
    assertThat(run.result().counters()).containsEntry("load.operations", 3_200_000_000_000L);
  }
}
