// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.rtl.Lockstep;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.RtlRun;
import lockstep.rtl.Tools;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.VerilatedModel.Variant;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.VliwSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each planted fault is caught by a program of drawn bundles, and the machine is not accused. */
class PlantedFaultsTest {
  private static final int PROGRAMS = 40;

  private static final VliwArchitecture MACHINE =
      VliwMachines.small(
          "slots.scalar.count=2",
          "slots.load.count=2",
          "slots.load.latency=3",
          "slots.matrix.latency=4",
          "slots.vector.latency=3",
          "slots.special.tables=2",
          "registers.vector.width_bytes=16",
          "registers.vector.count=14",
          "slots.matrix.depth=8",
          "registers.scalar.count=16",
          "local_memory.banks=4",
          "local_memory.ports=2",
          "instruction_memory=16",
          "loop_depth=3",
          "memory.latency_cycles=9",
          "memory.bytes_per_cycle=8");

  /** Kept between runs, as the build is. */
  private static final Path NUMBER = Path.of("target", "planted-fault").toAbsolutePath();

  private static final Path CACHE = Path.of("target", "verilated");

  private static List<Program> programs;
  private static List<RunResult> simulated;
  private static VerilatedModel model;

  @BeforeAll
  static void build() throws InterruptedException {
    Tools.assumeInstalled("verilator");
    programs = new ArrayList<>();
    simulated = new ArrayList<>();
    for (int seed = 0; seed < PROGRAMS; seed++) {
      programs.add(RandomBundles.draw(MACHINE, seed));
      simulated.add(VliwSimulator.run(MACHINE, programs.getLast(), true).result());
    }
    var files = PlantedFault.plant(VliwVerilog.generate(MACHINE), NUMBER.toString());
    model = VerilatedModel.build(new MachineVerilog<>(MACHINE, files), CACHE, Variant.QUICK);
  }

  /** Whether a program differs while the fault of a number is there. */
  private static boolean differs(int fault) throws IOException, InterruptedException {
    Files.writeString(NUMBER, Integer.toString(fault));
    for (int i = 0; i < PROGRAMS; i++) {
      RunResult expected = simulated.get(i);
      RtlRun run = model.run(programs.get(i), 2 * expected.cycles() + 10_000, null);
      if (Lockstep.compare(expected, run, programs.get(i), MACHINE).isPresent()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void eachIsCaught() throws Exception {
    assertThat(PlantedFault.ALL).hasSizeGreaterThanOrEqualTo(40);
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < PlantedFault.ALL.size(); i++) {
      if (!differs(i + 1)) {
        missed.add(PlantedFault.ALL.get(i).meaning());
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void theMachineItselfIsNotAccused() throws Exception {
    assertThat(differs(0)).isFalse();
  }
}
