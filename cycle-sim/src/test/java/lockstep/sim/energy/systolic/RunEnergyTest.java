// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.isa.Assembler;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.energy.Energy;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sim.systolic.SystolicSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled programs of drawn networks on drawn machines: their files, and their energy. */
class RunEnergyTest {
  private static final long SEED = Long.getLong("lockstep.seed", 1);
  private static final int CASES = 40;

  @TempDir Path folder;

  @Test
  void layersAddUpAndFilesRoundTrip() {
    int programs = 0;
    for (int i = 0; i < CASES; i++) {
      long seed = SEED * 7_000_003 + i;
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture machine = RandomSystolic.draw(random, "random", 12);
      List<Program> compiled;
      try {
        compiled =
            SystolicCompiler.compile(RandomNetwork.draw(random, 3, 12), machine, "").programs();
      } catch (UserError doesNotFit) {
        continue;
      }
      for (Program program : compiled) {
        filesRoundTrip(program, SystolicIsa.of(machine), seed);
        layersAddUp(program, machine, seed);
        programs++;
      }
    }
    assertThat(programs).isGreaterThan(CASES / 3);
  }

  private void filesRoundTrip(Program program, InstructionSet isa, long seed) {
    Path target = folder.resolve("p");
    ProgramFile.write(program, isa, target);
    Program read = ProgramFile.read(target);
    assertThat(ProgramFile.hash(read)).as("seed %d", seed).isEqualTo(ProgramFile.hash(program));
    assertThat(new Assembler(isa).assemble(target.resolve("program.s")))
        .as("seed %d", seed)
        .isEqualTo(ProgramFile.words(program));
  }

  private static void layersAddUp(Program program, SystolicArchitecture machine, long seed) {
    SystolicRun run = SystolicSimulator.run(machine, program, false);
    List<SystolicWork> works = SystolicWork.layers(program, SystolicIsa.of(machine));
    SystolicEnergy model = SystolicEnergy.of(machine);
    Energy whole =
        model.account(run.result().counters(), SystolicWork.of(program, SystolicIsa.of(machine)));
    double sum = 0;
    for (int layer = 0; layer < works.size(); layer++) {
      sum += model.accountLayer(run.layers().get(layer), works.get(layer)).picojoules();
    }
    assertThat(whole.cycles()).as("seed %d", seed).isEqualTo(run.result().cycles());
    assertThat(whole.picojoules()).as("seed %d", seed).isPositive();
    assertThat(sum).as("seed %d", seed).isCloseTo(whole.picojoules(), within(1e-6 * sum));
  }
}
