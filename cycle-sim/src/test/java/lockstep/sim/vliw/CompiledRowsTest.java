// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.UserError;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.VliwCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Softmax, its logarithm and normalisation of rows: the simulator's bytes are the interpreter's.
 */
class CompiledRowsTest {
  private static VliwArchitecture machine(String... overrides) {
    return (VliwArchitecture)
        SpecLoader.load(Path.of("../arch-specs/npu.yaml"), List.of(overrides)).architecture();
  }

  private static Tensor tensor(String name, int[] shape, double scale, int zero) {
    return new Tensor(name, shape[0], shape[1], shape[2], shape[3], scale, zero);
  }

  private static LaneLayer softmax(Axis axis, int[] shape, boolean logarithm) {
    Tensor x = tensor("x", shape, 0.05, 3);
    Tensor y = tensor("y", shape, logarithm ? 0.06 : 1.0 / 256, logarithm ? 127 : -128);
    return new LaneLayer.Softmax("s", List.of("s"), x, axis, logarithm, y);
  }

  private static LaneLayer normalisation(
      Axis axis, int[] shape, boolean centred, boolean signed, double epsilon) {
    Tensor x = tensor("x", shape, 0.03, -7);
    Tensor y = tensor("y", shape, 0.04, 5);
    var random = new SplittableRandom(axis.length(x));
    float[] gamma = new float[axis.length(x)];
    float[] beta = new float[gamma.length];
    for (int i = 0; i < gamma.length; i++) {
      gamma[i] = (float) random.nextDouble(signed ? -1.5 : 0.5, 1.5);
      beta[i] = (float) random.nextDouble(-1, 1);
    }
    return new LaneLayer.Normalisation(
        "n", List.of("n"), x, axis, centred, gamma, beta, epsilon, y);
  }

  private static void compare(VliwArchitecture machine, LaneLayer layer, long seed) {
    Tensor x = layer.inputs().getFirst();
    Network network = new Network("rows", List.of(x), List.of(layer), List.of(layer.output()));
    CompiledModel model = VliwCompiler.compile(network, machine, "").model();
    assertThat(model.steps()).singleElement().isInstanceOf(CompiledModel.Accelerator.class);
    var program = model.programs().getFirst();
    byte[] codes = new byte[Math.toIntExact(x.bytes())];
    new SplittableRandom(seed).nextBytes(codes);
    if (seed % 3 == 1) {
      for (int i = 0; i < codes.length; i++) {
        codes[i] /= 16;
      }
    }
    byte[] memory = new byte[Math.toIntExact(program.memoryBytes())];
    at(model, x).write(codes, memory);
    VliwRun run = VliwSimulator.run(machine, program.on(memory), true);
    byte[] after = Objects.requireNonNull(run.result().memory());
    byte[] expected =
        Objects.requireNonNull(
            Interpreter.run(network, Map.of(x.name(), codes)).get(layer.output().name()));
    assertThat(at(model, layer.output()).read(after)).as("%s", layer).isEqualTo(expected);
    assertThat(VliwSimulator.run(machine, program, false).result().cycles())
        .isEqualTo(run.result().cycles());
  }

  private static Placement at(CompiledModel model, Tensor t) {
    return Objects.requireNonNull(model.placements().get(t.name()));
  }

  private static int[] shape(Axis axis, int length) {
    return axis == Axis.C ? new int[] {2, length, 1, 7} : new int[] {1, 11, 3, length};
  }

  private static void all(VliwArchitecture machine, Axis axis, int length) {
    int[] shape = shape(axis, length);
    compare(machine, softmax(axis, shape, false), length);
    compare(machine, softmax(axis, shape, true), length);
    compare(machine, normalisation(axis, shape, true, true, 1e-5), length);
    compare(machine, normalisation(axis, shape, true, false, 1e-12), length);
    compare(machine, normalisation(axis, shape, false, false, 1e-6), length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 37, 197})
  void areTheInterpreters(int length) {
    all(machine(), Axis.C, length);
    all(machine(), Axis.W, length);
  }

  /** Blocks of one quarter of two words, of two quarters; one row at a time. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "slots.matrix.depth=16 registers.vector.width_bytes=64",
        "slots.matrix.depth=16",
        "instruction_memory=256 slots.special.latency=5"
      })
  void onOtherMachines(String overrides) {
    VliwArchitecture machine = machine(overrides.split(" "));
    for (int length : new int[] {5, 75}) {
      all(machine, Axis.C, length);
      all(machine, Axis.W, length);
    }
  }

  @Test
  void statisticsThatDoNotFitTheRegistersAreAMisfit() {
    VliwArchitecture machine = machine("slots.matrix.depth=32");
    all(machine, Axis.C, 75);
    LaneLayer along = softmax(Axis.W, shape(Axis.W, 75), false);
    assertThatThrownBy(() -> compare(machine, along, 75))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("layer s does not fit npu");
  }
}
