// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.LaneLayer.Gathering;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Placement;
import lockstep.compiler.vliw.VliwCompiler;
import lockstep.isa.FixedPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums and extremes along all choices of axes: the simulator's bytes are the interpreter's. */
class CompiledReductionsTest {
  private static final VliwArchitecture MACHINE =
      (VliwArchitecture)
          SpecLoader.load(Path.of("../arch-specs/npu.yaml"), List.of()).architecture();

  private static List<Axis> axes(int choice) {
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      if ((choice >> axis.ordinal() & 1) == 1) {
        axes.add(axis);
      }
    }
    return axes;
  }

  private static int length(Axis axis, List<Axis> reduced, Tensor x) {
    return reduced.contains(axis) ? 1 : axis.length(x);
  }

  private static LaneLayer.Reduce reduce(Gathering kind, Tensor x, List<Axis> axes) {
    int count = axes.stream().mapToInt(a -> a.length(x)).reduce(1, (a, b) -> a * b);
    double factor = kind == Gathering.SUM ? 2.5 / count : 0.7;
    FixedPoint.Scale scale = FixedPoint.scale(factor);
    Tensor y =
        new Tensor(
            "y",
            length(Axis.N, axes, x),
            length(Axis.C, axes, x),
            length(Axis.H, axes, x),
            length(Axis.W, axes, x),
            1,
            -20);
    return new LaneLayer.Reduce(
        "r", List.of("r"), kind, x, axes, scale.multiplier(), scale.shift(), -110, 90, y);
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 5, 4", "1, 20, 1, 19", "3, 9, 10, 1", "1, 3, 2, 128", "1, 2, 1, 200"})
  void areTheInterpreters(int n, int c, int h, int w) {
    Tensor x = new Tensor("x", n, c, h, w, 1, 17);
    byte[] codes = new byte[Math.toIntExact(x.bytes())];
    new SplittableRandom(n + c).nextBytes(codes);
    for (Gathering kind : Gathering.values()) {
      for (int choice = 1; choice < 1 << Axis.values().length; choice++) {
        compare(reduce(kind, x, axes(choice)), codes);
      }
    }
  }

  private static void compare(LaneLayer.Reduce layer, byte[] codes) {
    Tensor x = layer.input();
    Network network = new Network("r", List.of(x), List.of(layer), List.of(layer.output()));
    CompiledModel model = VliwCompiler.compile(network, MACHINE, "").model();
    assertThat(model.steps()).singleElement().isInstanceOf(CompiledModel.Accelerator.class);
    var program = model.programs().getFirst();
    byte[] memory = new byte[Math.toIntExact(program.memoryBytes())];
    at(model, x).write(codes, memory);
    VliwRun run = VliwSimulator.run(MACHINE, program.on(memory), true);
    byte[] after = Objects.requireNonNull(run.result().memory());
    byte[] expected = Interpreter.run(network, Map.of("x", codes)).get("y");
    assertThat(at(model, layer.output()).read(after)).as("%s", layer).isEqualTo(expected);
  }

  private static Placement at(CompiledModel model, Tensor t) {
    return Objects.requireNonNull(model.placements().get(t.name()));
  }
}
