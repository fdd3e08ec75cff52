// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.nio.file.Path;
import java.time.Duration;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.ProgramFile;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.rtl.VerilatedModel;
import lockstep.sweep.store.AtomicFile;

/** What is needed to see a divergence again: machine, program, what differed, a waveform. */
public final class Reproduction {
  private static final long BEFORE = 200;
  private static final long AFTER = 50;

  private Reproduction() {}

  /**
   * Writes {@code machine.yaml}, {@code program/}, {@code divergence.txt} and, of the cycles around
   * the first difference, {@code window.vcd}.
   *
   * @param how the command that found it
   */
  public static void write(
      Path folder,
      SystolicArchitecture machine,
      String resolvedYaml,
      SystolicVerification.DivergentStretch found,
      String how,
      Path cache)
      throws InterruptedException {
    AtomicFile.write(folder.resolve("machine.yaml"), resolvedYaml);
    ProgramFile.write(found.program(), SystolicIsa.of(machine), folder.resolve("program"));
    AtomicFile.write(
        folder.resolve("divergence.txt"),
        found.divergence().text() + "\n\nfound by: " + how + "\n");
    long first = Math.min(found.divergence().simulated(), found.divergence().rtl());
    var window =
        new VerilatedModel.Window(
            folder.resolve("window.vcd"), Math.max(0, first - BEFORE), first + AFTER);
    VerilatedModel.buildTraced(machine, cache).run(found.program(), Duration.ofMinutes(30), window);
  }
}
