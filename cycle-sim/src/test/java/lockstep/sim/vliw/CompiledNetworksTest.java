// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.MappingRule;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.RandomMapping;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.compiler.vliw.VliwModel;
import lockstep.isa.FixedPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drawn networks, compiled: the simulator's bytes are the interpreter's. */
class CompiledNetworksTest {
  private static final int NETWORKS = Integer.getInteger("lockstep.networks", 12);
  private static final int DRAWN = Integer.getInteger("lockstep.drawn", 60);
  private static final int MAPPED = Integer.getInteger("lockstep.mapped", 40);
  private static final int FIRST = Integer.getInteger("lockstep.first", 0);

  private static VliwArchitecture machine(String file, String... changes) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs/" + file), List.of(changes)).architecture();
  }

  private static byte[] run(
      VliwArchitecture machine, CompiledModel model, Map<String, byte[]> inputs, long[] cycles) {
    long size = 0;
    for (var program : model.programs()) {
      size = Math.max(size, program.memoryBytes());
    }
    for (Placement p : model.placements().values()) {
      size = Math.max(size, p.base() + p.imageStride() * p.tensor().n());
    }
    byte[] memory = new byte[Math.toIntExact(size)];
    for (Tensor t : model.network().inputs()) {
      at(model, t).write(Objects.requireNonNull(inputs.get(t.name())), memory);
    }
    for (CompiledModel.Step step : model.steps()) {
      switch (step) {
        case CompiledModel.Accelerator a -> {
          VliwRun run = VliwSimulator.run(machine, a.program().on(memory), true);
          byte[] after = Objects.requireNonNull(run.result().memory());
          System.arraycopy(after, 0, memory, 0, Math.min(after.length, memory.length));
          cycles[0] += run.result().cycles();
          VliwRun timed = VliwSimulator.run(machine, a.program(), false);
          assertThat(timed.result().cycles()).isEqualTo(run.result().cycles());
        }
        case CompiledModel.OnHost(var layer, _) -> {
          List<byte[]> operands =
              layer.inputs().stream().map(t -> at(model, t).read(memory)).toList();
          at(model, layer.output()).write(Interpreter.run(layer, operands), memory);
        }
      }
    }
    return memory;
  }

  private static Placement at(CompiledModel model, Tensor t) {
    return Objects.requireNonNull(model.placements().get(t.name()));
  }

  private static void compare(VliwArchitecture machine, Network network, long seed) {
    compare(machine, network, List.of(), seed);
  }

  private static void compare(
      VliwArchitecture machine, Network network, List<MappingRule> rules, long seed) {
    Map<String, byte[]> inputs = new HashMap<>();
    var random = new SplittableRandom(seed);
    for (Tensor t : network.inputs()) {
      byte[] bytes = new byte[Math.toIntExact(t.bytes())];
      random.nextBytes(bytes);
      inputs.put(t.name(), bytes);
    }
    VliwModel model = VliwCompiler.compile(network, machine, "", rules);
    long[] cycles = new long[1];
    byte[] memory = run(machine, model.model(), inputs, cycles);
    Map<String, byte[]> expected = Interpreter.run(network, inputs);
    for (Tensor t : network.outputs()) {
      boolean equal = Arrays.equals(at(model.model(), t).read(memory), expected.get(t.name()));
      assertThat(equal)
          .as("seed %d on %s, %s of %s, %s", seed, machine.name(), t, network.layers(), rules)
          .isTrue();
    }
  }

  @Test
  void giveTheInterpretersBytes() {
    for (String file : List.of("npu.yaml", "npu-aie-like.yaml")) {
      VliwArchitecture machine = machine(file);
      for (long seed = FIRST; seed < FIRST + NETWORKS; seed++) {
        var random = new SplittableRandom(seed);
        Network network =
            seed % 2 == 0
                ? RandomNetwork.draw(random, 4, 20, 8)
                : RandomNetwork.drawWithLanes(random, 5, 20, 8);
        compare(machine, network, seed);
      }
    }
  }

  /** Of a machine whose results are no whole vectors. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void readNoRoomOfTheNextImageWithTheLastVectorOfAResidual(int rows) {
    var machine =
        machine(
            "npu.yaml",
            "slots.matrix={rows: %d, cols: 8, depth: 16}".formatted(rows),
            "registers.vector.width_bytes=16");
    compare(machine, residual(new Tensor("x", 3, 16, 1, 20, 1, 0)), rows);
  }

  /** One vector of results after the other, as there are registers for no more. */
  @Test
  void doSoWithFewRegisters() {
    var machine =
        machine(
            "npu.yaml",
            "slots.matrix={rows: 8, cols: 8, depth: 8}",
            "registers.vector={count: 32, width_bytes: 16}");
    compare(machine, residual(new Tensor("x", 1, 24, 9, 7, 1, 3)), 1);
  }

  /** A convolution whose input is added to its sums, and a slope behind it. */
  private static Network residual(Tensor x) {
    Tensor y = new Tensor("y", x.n(), x.c(), x.h(), x.w(), 1, 0);
    int[] multipliers = new int[x.c()];
    int[] shifts = new int[x.c()];
    Arrays.fill(multipliers, FixedPoint.scale(0.01).multiplier());
    Arrays.fill(shifts, FixedPoint.scale(0.01).shift());
    Output out = new Output(null, multipliers, shifts, x, 3, 1 << 13, 1, -128, 127);
    byte[] weights = new byte[x.c() * x.c()];
    new SplittableRandom(x.c()).nextBytes(weights);
    Layer.Convolution layer =
        new Layer.Convolution(
            "c", List.of("c"), x, weights, new int[x.c()], 1, Window.POINT, out, y);
    return new Network("n", List.of(x), List.of(layer), List.of(y));
  }

  @Test
  void doSoHoweverTheyAreMapped() {
    int compared = 0;
    for (long seed = FIRST; seed < FIRST + MAPPED; seed++) {
      var machine = machine(seed % 2 == 0 ? "npu.yaml" : "npu-aie-like.yaml");
      var random = new SplittableRandom(seed);
      Network network = RandomNetwork.draw(random, 2, 20, machine.slots().matrix().cols());
      List<MappingRule> rules = RandomMapping.draw(random, network, machine);
      try {
        compare(machine, network, rules, seed);
        compared += rules.isEmpty() ? 0 : 1;
      } catch (UserError refused) {
        assertThat(refused).hasMessageContaining("mapping of layer");
      }
    }
    assertThat(compared).isGreaterThan(MAPPED / 4);
  }

  @Test
  void doSoOnDrawnMachines() {
    int compared = 0;
    for (long seed = FIRST; seed < FIRST + DRAWN; seed++) {
      var random = new SplittableRandom(seed);
      var machine = RandomVliw.draw(random, "drawn-" + seed, 4096 << random.nextInt(4));
      Network network = RandomNetwork.draw(random, 2, 8, machine.slots().matrix().cols());
      try {
        compare(machine, network, seed);
        compared++;
      } catch (UserError unfit) {
        assertThat(unfit).hasMessageContaining(machine.name());
      }
    }
    assertThat(compared).isGreaterThan(DRAWN / 2);
  }
}
