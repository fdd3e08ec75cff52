// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.util.SplittableRandom;
import lockstep.arch.Architecture;
import lockstep.arch.Family;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Network;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.quant.Capabilities;
import lockstep.isa.InstructionText;
import lockstep.sim.RunResult;
import lockstep.sweep.systolic.SystolicDevice;
import lockstep.sweep.vliw.VliwDevice;

/** What verification asks of one machine, whatever its family. */
public interface DeviceUnderTest {

  Architecture machine();

  /** What of networks drawn as models the machine's compiler takes as layers of its own. */
  Capabilities capabilities();

  /**
   * Compiles a network with no choice of a user's.
   *
   * @throws lockstep.arch.UserError if it does not fit the machine
   */
  CompiledModel compile(Network network);

  /**
   * Draws a quantised network, of forms that the family's compiler treats differently, and compiles
   * it. The same seed gives the same.
   *
   * @throws lockstep.arch.UserError if it does not fit the machine
   */
  CompiledModel compileDrawn(long seed);

  /**
   * Runs a program with values.
   *
   * @throws lockstep.sim.ProgramFault if it breaks a rule of the machine or never ends
   */
  RunResult simulate(Program program);

  /** The text form of the machine's instructions. */
  InstructionText text();

  /** A machine as verification sees it. */
  static DeviceUnderTest of(Architecture architecture) {
    return switch (architecture) {
      case SystolicArchitecture machine -> new SystolicDevice(machine);
      case VliwArchitecture machine -> new VliwDevice(machine);
    };
  }

  /** The machine of a seed: odd sizes, little memory, no latency and a lot of it. */
  static Architecture drawn(Family family, long seed) {
    var random = new SplittableRandom(seed);
    String name = "drawn-" + Long.toUnsignedString(seed);
    return switch (family) {
      case SYSTOLIC -> SystolicDevice.drawn(random, name);
      case VLIW -> VliwDevice.drawn(random, name);
    };
  }
}
