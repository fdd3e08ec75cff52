// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import lockstep.arch.ResolvedYaml;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program;
import lockstep.compiler.quant.Capabilities;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.isa.Disassembler;
import lockstep.isa.InstructionText;
import lockstep.isa.systolic.SystolicIsa;
import lockstep.sim.RunResult;
import lockstep.sim.systolic.SystolicSimulator;
import lockstep.sweep.verify.DeviceUnderTest;

/**
 * A systolic machine as verification sees it. One of three networks drawn for it is a line of
 * layers that run in stripes wherever they can; the others have views of whole columns.
 */
public record SystolicDevice(SystolicArchitecture machine) implements DeviceUnderTest {
  private static final int LAYERS = 4;
  private static final int LARGEST = 20;
  private static final int LARGEST_ARRAY = 12;
  private static final int CHAIN_OF = 3;

  private static final MappingRule DEPTH_FIRST =
      new MappingRule("*", null, null, null, null, null, null, null, null, null, null, true);

  /** A machine with an array of at most {@value #LARGEST_ARRAY} rows and columns. */
  public static SystolicArchitecture drawn(RandomGenerator random, String name) {
    return RandomSystolic.draw(random, name, LARGEST_ARRAY);
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.NONE;
  }

  @Override
  public CompiledModel compile(Network network) {
    return compile(network, List.of());
  }

  @Override
  public CompiledModel compileDrawn(long seed) {
    var random = new SplittableRandom(seed);
    int layers = 1 + random.nextInt(LAYERS);
    return Math.floorMod(seed, CHAIN_OF) == 0
        ? compile(RandomNetwork.drawStraight(random, 1 + layers, LARGEST), List.of(DEPTH_FIRST))
        : compile(RandomNetwork.draw(random, layers, LARGEST, machine.array().cols()), List.of());
  }

  private CompiledModel compile(Network network, List<MappingRule> rules) {
    return SystolicCompiler.compile(
        network, machine, SystolicCompiler.hash(ResolvedYaml.of(machine)), rules);
  }

  @Override
  public RunResult simulate(Program program) {
    return SystolicSimulator.run(machine, program, true).result();
  }

  @Override
  public InstructionText text() {
    return new Disassembler(SystolicIsa.of(machine));
  }
}
