// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.List;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.Disassembler;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.systolic.SystolicRun;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.KanataLog;

/**
 * The instructions that are dispatched in a window of cycles as a pipeline log, a row for each but
 * HALT; stretches follow one another.
 *
 * <pre>
 * Q   dispatched, in its unit's queue          X   accepted by the unit, until it retires
 * </pre>
 */
final class SystolicPipeline {
  private SystolicPipeline() {}

  static byte[] log(
      SystolicArchitecture machine,
      List<Program> programs,
      List<SystolicRun> runs,
      CycleWindow window) {
    var log = new KanataLog(window.from());
    var text = new Disassembler(SystolicIsa.of(machine));
    long start = 0;
    for (int p = 0; p < programs.size(); p++) {
      Program program = programs.get(p);
      SystolicRun run = runs.get(p);
      byte[] words = ProgramFile.words(program);
      for (int i = 0; i < program.instructionCount() - 1; i++) {
        long dispatch = start + run.dispatch()[i];
        if (window.holds(dispatch)) {
          long accept = start + run.accept()[i];
          long retired = start + run.result().retire()[i] + 1;
          log.row(
                  i,
                  dispatch,
                  i + ": " + text.line(words, i * text.instructionBytes()),
                  program.layers().get(program.layerOf()[i]).name())
              .stage("Q", dispatch, accept)
              .stage("X", accept, retired)
              .retire(retired);
        }
      }
      start += run.result().cycles();
    }
    return log.bytes();
  }
}
