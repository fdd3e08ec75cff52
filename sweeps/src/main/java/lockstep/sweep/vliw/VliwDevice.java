// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import java.util.random.RandomGenerator;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Network;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.isa.InstructionText;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.verify.DeviceUnderTest;

/** A VLIW machine as verification sees it. */
public record VliwDevice(VliwArchitecture machine) implements DeviceUnderTest {

  /** A machine with vectors of at most 32 codes. */
  public static VliwArchitecture drawn(RandomGenerator random, String name) {
    return RandomVliw.draw(random, name);
  }

  @Override
  public CompiledModel compile(Network network) {
    throw machine.unfinished();
  }

  @Override
  public CompiledModel compileDrawn(long seed) {
    throw machine.unfinished();
  }

  @Override
  public RunResult simulate(Program program) {
    return VliwSimulator.run(machine, program, true).result();
  }

  @Override
  public InstructionText text() {
    return new BundleText(VliwIsa.of(machine));
  }
}
