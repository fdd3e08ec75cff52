// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.program.Program;
import lockstep.compiler.program.ProgramFile;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.isa.InstructionSet;
import lockstep.isa.systolic.ProgramCheck;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.isa.systolic.SystolicInstruction;
import lockstep.isa.systolic.SystolicIsa;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random networks on random machines: the simulator's bytes are the interpreter's. */
class RandomProgramsTest {
  private static final long SEED = Long.getLong("lockstep.seed", 1);
  private static final int CASES = Integer.getInteger("lockstep.cases", 300);
  private static final MappingRule DEPTH_FIRST =
      new MappingRule("*", null, null, null, null, null, null, null, null, null, null, true);

  @Test
  void simulatorAndInterpreterGiveTheSameBytes() {
    int ran = 0;
    for (int i = 0; i < CASES; i++) {
      ran += check(SEED * 1_000_003 + i) ? 1 : 0;
    }
    assertThat(ran).as("networks that fit their machine").isGreaterThan(CASES / 3);
  }

  /** Layers run in stripes wherever they can, also where that does not pay. */
  @Test
  void chainsOfLayersGiveTheSameBytesStripeByStripe() {
    int striped = 0;
    for (int i = 0; i < CASES; i++) {
      long seed = SEED * 1_000_033 + i;
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture arch = RandomSystolic.draw(random, "random", 12);
      Network network = RandomNetwork.drawStraight(random, 2 + random.nextInt(4), 20);
      CompiledModel model = compiled(network, arch, List.of(DEPTH_FIRST));
      if (model != null
          && model.programs().stream()
              .anyMatch(p -> p.layers().stream().anyMatch(l -> l.stripes().count() > 1))) {
        run(network, arch, model, random, seed);
        striped++;
      }
    }
    assertThat(striped).as("networks with a chain").isGreaterThan(CASES / 5);
  }

  private static @Nullable CompiledModel compiled(
      Network network, SystolicArchitecture arch, List<MappingRule> rules) {
    try {
      return SystolicCompiler.compile(network, arch, "", rules);
    } catch (UserError doesNotFit) {
      assertThat(doesNotFit).hasMessageContaining("does not fit");
      return null;
    }
  }

  private static boolean check(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SystolicArchitecture arch = RandomSystolic.draw(random, "random", 12);
    Network network = RandomNetwork.draw(random, 1 + random.nextInt(6), 16, arch.array().cols());
    CompiledModel model = compiled(network, arch, List.of());
    if (model == null || model.programs().isEmpty()) {
      return false;
    }
    run(network, arch, model, random, seed);
    return true;
  }

  private static void run(
      Network network,
      SystolicArchitecture arch,
      CompiledModel model,
      SplittableRandom random,
      long seed) {
    Tensor input = network.inputs().getFirst();
    byte[] bytes = new byte[(int) input.bytes()];
    random.nextBytes(bytes);
    Map<String, byte[]> expected = Interpreter.run(network, Map.of(input.name(), bytes));
    byte[] memory = new byte[(int) model.programs().getFirst().memoryBytes()];
    placement(model, input).write(bytes, memory);
    for (CompiledModel.Step step : model.steps()) {
      Program p;
      switch (step) {
        case CompiledModel.OnHost(Layer host, String _) -> {
          copy(model, host, memory);
          continue;
        }
        case CompiledModel.Accelerator(Program program) -> p = program;
      }
      assertThat(ProgramCheck.firstFault(arch, instructions(arch, p))).as("seed " + seed).isEmpty();
      SystolicRun run;
      try {
        run = SystolicSimulator.run(arch, p.on(memory), true);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " " + arch + " " + network, e);
      }
      accountsAddUp(run, seed);
      memory = run.result().memory();
    }
    for (Tensor out : network.outputs()) {
      assertThat(placement(model, out).read(memory))
          .as("seed %d, tensor %s on %s", seed, out, arch)
          .isEqualTo(expected.get(out.name()));
    }
  }

  /** What the machine cannot view, the host copies. */
  private static void copy(CompiledModel model, Layer host, byte[] memory) {
    List<byte[]> inputs =
        host.inputs().stream().map(t -> placement(model, t).read(memory)).toList();
    placement(model, host.output()).write(Interpreter.run(host, inputs), memory);
  }

  private static List<SystolicInstruction> instructions(SystolicArchitecture arch, Program p) {
    InstructionSet isa = SystolicIsa.of(arch);
    byte[] words = ProgramFile.words(p);
    List<SystolicInstruction> list = new ArrayList<>();
    for (int i = 0; i < p.instructionCount(); i++) {
      list.add(SystolicInstruction.decode(isa, words, i * isa.wordBytes()));
    }
    return list;
  }

  private static Placement placement(CompiledModel model, Tensor t) {
    return model.placements().get(t.name());
  }

  private static void accountsAddUp(SystolicRun run, long seed) {
    Map<String, Long> counters = run.result().counters();
    for (String unit : new String[] {"dispatch.", "load.", "execute.", "store."}) {
      long sum =
          counters.entrySet().stream()
              .filter(e -> e.getKey().startsWith(unit))
              .mapToLong(Map.Entry::getValue)
              .sum();
      assertThat(sum)
          .as("seed %d: account of %s%s", seed, unit, counters)
          .isEqualTo(run.result().cycles());
    }
    assertThat(counters.get(SystolicCounter.CYCLES.key())).isEqualTo(run.result().cycles());
  }
}
