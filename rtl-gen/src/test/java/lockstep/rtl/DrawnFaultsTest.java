// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.sim.RunResult;
import lockstep.sim.systolic.SystolicSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes that hardly a program of the compiler shows; drawn instructions do. */
class DrawnFaultsTest {
  private static final int PROGRAMS = 60;
  private static final int ROUNDS = 6;

  @TempDir static Path cache;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          residual rows are not left out ; systolic_store_read.sv ; (line_ends ? d_residual_skip : '0) ; SA'(0)
          stores retire out of order ; systolic_store_address.sv ; oldest[0] && kept != '0 ; kept != '0
          """)
  void isCaught(String meaning, String file, String from, String to) throws Exception {
    Tools.assumeInstalled("verilator");
    SystolicArchitecture machine = Machines.cramped();
    Map<String, String> files = new TreeMap<>(SystolicVerilog.generate(machine));
    String text = files.get(file);
    assertThat(text).containsOnlyOnce(from);
    files.put(file, text.replace(from, to));
    var model = VerilatedModel.build(new MachineVerilog<>(machine, files), cache, Variant.QUICK);
    assertThat(firstDifference(machine, model)).as(meaning).isPresent();
  }

  @Test
  void theMachineItselfIsNotAccused() throws Exception {
    Tools.assumeInstalled("verilator");
    SystolicArchitecture machine = Machines.cramped();
    var model = VerilatedModel.build(MachineVerilog.of(machine), cache, Variant.QUICK);
    assertThat(firstDifference(machine, model)).isEmpty();
  }

  private static Optional<String> firstDifference(
      SystolicArchitecture machine, VerilatedModel model) throws InterruptedException {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      Program program = RandomPrograms.of(machine, ROUNDS, seed);
      RunResult simulated = SystolicSimulator.run(machine, program, true).result();
      RtlRun rtl = model.run(program, 2 * simulated.cycles() + 10_000, null);
      Optional<Divergence> found = Lockstep.compare(simulated, rtl, program, machine);
      if (found.isPresent()) {
        return Optional.of(found.get().text());
      }
    }
    return Optional.empty();
  }
}
