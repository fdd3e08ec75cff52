// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.Program;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sim.systolic.SystolicSimulator;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.KanataReader;
import lockstep.sweep.KanataReader.Row;
import org.junit.jupiter.api.Test;

class SystolicPipelineTest {
  private final SystolicArchitecture machine =
      (SystolicArchitecture)
          SpecLoader.load(Path.of("../arch-specs/gemmini-16x16.yaml"), List.of()).architecture();

  @Test
  void everyInstructionButHaltIsARowFromDispatchToRetirement() {
    var network = RandomNetwork.draw(new SplittableRandom(1), 2, 8);
    Program program = SystolicCompiler.compile(network, machine, "").programs().getFirst();
    SystolicRun run = SystolicSimulator.run(machine, program, false);
    List<Row> rows =
        KanataReader.rows(
            SystolicPipeline.log(
                machine, List.of(program), List.of(run), new CycleWindow(0, Long.MAX_VALUE)));
    assertThat(rows).hasSize(program.instructionCount() - 1);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      assertThat(row.number).isEqualTo(i);
      assertThat(row.begin).isEqualTo(run.dispatch()[i]);
      assertThat(row.span("X").orElseThrow().from()).isEqualTo(run.accept()[i]);
      assertThat(row.retired).isEqualTo(run.result().retire()[i] + 1);
    }
  }
}
