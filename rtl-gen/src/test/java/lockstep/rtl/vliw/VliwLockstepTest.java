// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.rtl.Lockstep;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.Tools;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.VliwSimulator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drawn programs on drawn machines: simulator and Verilog agree in everything. */
class VliwLockstepTest {
  private static final int PROGRAMS = 12;

  @TempDir static Path cache;

  /** {@code -Dlockstep.seeds=FIRST-LAST} tries others. */
  static LongStream seeds() {
    String[] range = System.getProperty("lockstep.seeds", "1-2").split("-");
    return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void agree(long seed) throws InterruptedException {
    Tools.assumeInstalled("verilator");
    VliwArchitecture machine = RandomVliw.draw(new SplittableRandom(seed), "drawn" + seed, 4096);
    VerilatedModel model = VerilatedModel.build(MachineVerilog.of(machine), cache, Variant.QUICK);
    for (int i = 0; i < PROGRAMS; i++) {
      Program program = RandomBundles.draw(machine, seed * 1000 + i);
      RunResult simulated = VliwSimulator.run(machine, program, true).result();
      var verilog = model.run(program, 2 * simulated.cycles() + 10_000, null);
      assertThat(Lockstep.compare(simulated, verilog, program, machine).map(d -> d.text()))
          .as("program %d on %s", seed * 1000 + i, machine)
          .isEmpty();
    }
  }
}
