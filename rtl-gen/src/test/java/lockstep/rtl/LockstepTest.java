// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.sim.RunResult;
import lockstep.sim.systolic.SystolicSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LockstepTest {
  private static final Path CACHE = Path.of("target", "verilated");
  private static final int ROUNDS = 6;

  static List<SystolicArchitecture> machines() {
    return List.of(Machines.small(), Machines.wide(), Machines.tall());
  }

  @ParameterizedTest
  @MethodSource("machines")
  void simulatorAndRtlAgree(SystolicArchitecture machine) throws Exception {
    Tools.assumeInstalled("verilator");
    for (int seed = 0; seed < 6; seed++) {
      SystolicArchitecture a =
          Machines.with(machine, Machines.memory(seed * 13 % 40, 1 + seed * 7 % 23));
      Program program = RandomPrograms.of(a, ROUNDS, seed);
      RunResult simulated = SystolicSimulator.run(a, program, true).result();
      RtlRun rtl = VerilatedModel.build(a, CACHE).run(program, 2 * simulated.cycles(), null);
      assertThat(Lockstep.compare(simulated, rtl, program, a).map(Divergence::text))
          .as("machine %s, seed %d", a.name(), seed)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("machines")
  void anAxiSystemThatStallsChangesNoByte(SystolicArchitecture a) throws Exception {
    Tools.assumeInstalled("verilator");
    VerilatedModel model = VerilatedModel.build(a, CACHE);
    for (int seed = 0; seed < 4; seed++) {
      Program program = RandomPrograms.of(a, ROUNDS, seed);
      assertThat(model.runStalling(program, seed + 1).memory())
          .as("machine %s, seed %d", a.name(), seed)
          .isEqualTo(model.run(program).memory());
    }
  }

  @Test
  void theFirstDivergenceIsTheOneWithTheSmallestRetireCycle() {
    Program program = RandomPrograms.of(Machines.small(), 1, 3);
    RunResult a = new RunResult(40, new long[] {10, 20, 30}, Map.of("x", 1L), new byte[] {1, 2});
    RunResult b = new RunResult(40, new long[] {11, 9, 30}, Map.of("x", 2L), new byte[] {1, 3});
    assertThat(compare(a, a, program)).isEmpty();
    Divergence found = compare(a, b, program).orElseThrow();
    assertThat(found.instruction().orElseThrow())
        .matches(i -> i.index() == 1 && i.simulated() == 20 && i.rtl() == 9)
        .matches(i -> i.layer().equals("layer") && !i.assembly().isBlank());
    assertThat(found.counters()).containsExactly(new Divergence.Counter("x", 1, 2));
    assertThat(found.memory().orElseThrow().address()).isEqualTo(1);
    assertThat(found.cycle()).isEqualTo(9);
  }

  @Test
  void anInstructionThatNeverRetiresDivergesWhenItShouldHave() {
    Program program = RandomPrograms.of(Machines.small(), 1, 3);
    RunResult a = new RunResult(40, new long[] {10, 20, 15}, Map.of("x", 1L), new byte[] {1});
    RunResult b = new RunResult(99, new long[] {10, -1, -1}, Map.of(), null);
    Divergence found =
        Lockstep.compare(a, new RtlRun(b, Optional.of("hangs")), program, Machines.small())
            .orElseThrow();
    assertThat(found.cycle()).isEqualTo(15);
    assertThat(found.text()).startsWith("the Verilog hangs\ninstruction 2 of layer layer retires");
    assertThat(found.text()).contains("in cycle 15 simulated, never in RTL").hasLineCount(2);
  }

  private static Optional<Divergence> compare(RunResult a, RunResult b, Program program) {
    return Lockstep.compare(a, new RtlRun(b, Optional.empty()), program, Machines.small());
  }
}
