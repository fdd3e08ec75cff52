// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.sim.vliw.VliwSimulator;
import org.junit.jupiter.api.Test;

class DrawnBundlesTest {
  /** Programs that break no rule, and that between them make every counter count. */
  @Test
  void keepTheRules() {
    Set<String> counted = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      VliwArchitecture machine = RandomVliw.draw(new SplittableRandom(seed), "drawn" + seed, 4096);
      Program program = RandomBundles.draw(machine, seed);
      var result = VliwSimulator.run(machine, program, true).result();
      var again = VliwSimulator.run(machine, program, false).result();
      assertThat(again.cycles()).isEqualTo(result.cycles());
      assertThat(again.counters()).isEqualTo(result.counters());
      assertThat(again.retire()).isEqualTo(result.retire());
      result
          .counters()
          .forEach(
              (key, value) -> {
                all.add(key);
                if (value > 0) {
                  counted.add(key);
                }
              });
    }
    assertThat(counted).isEqualTo(all);
  }
}
