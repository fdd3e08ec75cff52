// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.quant.Capabilities;
import lockstep.compiler.vliw.RandomMapping;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.isa.InstructionText;
import lockstep.isa.vliw.BundleText;
import lockstep.isa.vliw.VliwIsa;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.trial.TrialId;
import lockstep.sweep.verify.DeviceUnderTest;

/**
 * A VLIW machine as verification sees it. One of three networks drawn for it is a line of layers;
 * all have mapping rules drawn for some of their layers, unless the machine cannot keep them.
 */
public record VliwDevice(VliwArchitecture machine) implements DeviceUnderTest {
  private static final int LAYERS = 4;
  private static final int LARGEST = 20;
  private static final int STRAIGHT_OF = 3;
  private static final int LEAST_LOCAL_BYTES = 4096;
  private static final int LOCAL_DOUBLINGS = 5;

  /** A machine with vectors of at most 32 codes. */
  public static VliwArchitecture drawn(RandomGenerator random, String name) {
    return RandomVliw.draw(random, name, LEAST_LOCAL_BYTES << random.nextInt(LOCAL_DOUBLINGS));
  }

  @Override
  public Capabilities capabilities() {
    return VliwCompiler.capabilities(machine);
  }

  @Override
  public CompiledModel compile(Network network) {
    return compile(network, List.of());
  }

  @Override
  public CompiledModel compileDrawn(long seed) {
    var random = new SplittableRandom(seed);
    int layers = 1 + random.nextInt(LAYERS);
    Network network =
        Math.floorMod(seed, STRAIGHT_OF) == 0
            ? RandomNetwork.drawStraight(random, 1 + layers, LARGEST)
            : RandomNetwork.draw(random, layers, LARGEST, machine.slots().matrix().cols());
    List<MappingRule> rules = RandomMapping.draw(random, network, machine);
    try {
      return compile(network, rules);
    } catch (UserError refused) {
      return compile(network, List.of());
    }
  }

  private CompiledModel compile(Network network, List<MappingRule> rules) {
    String hash = TrialId.hash(ResolvedYaml.of(machine).getBytes(UTF_8));
    return VliwCompiler.compile(network, machine, hash, rules).model();
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
