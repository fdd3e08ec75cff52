// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.vliw.RandomVliw;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.sim.RunResult;
import lockstep.sim.vliw.VliwSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExampleKernelTest {
  static List<VliwArchitecture> machines() {
    List<VliwArchitecture> machines = new ArrayList<>(VliwMachines.all());
    for (int seed = 1; seed <= 12; seed++) {
      machines.add(RandomVliw.draw(new SplittableRandom(seed), "drawn" + seed, 4096));
    }
    return machines;
  }

  @ParameterizedTest
  @MethodSource("machines")
  void isAProductOfMatrices(VliwArchitecture machine) {
    ExampleKernel example = ExampleKernel.of(machine, 3).orElseThrow();
    RunResult run = VliwSimulator.run(machine, example.program(), true).result();
    assertThat(run.counters()).containsEntry("matrix.operations", 2L * example.rounds());
    var matrix = machine.slots().matrix();
    int left = matrix.rows() * matrix.depth();
    int right = matrix.depth() * matrix.cols();
    int rightAt = example.rounds() * 2 * left;
    ByteBuffer memory = ByteBuffer.wrap(run.memory()).order(ByteOrder.LITTLE_ENDIAN);
    int sum = rightAt + 2 * right;
    for (int i = 0; i < example.rounds(); i++) {
      for (int r = 0; r < matrix.rows(); r++) {
        for (int c = 0; c < matrix.cols(); c++) {
          int expected = 0;
          for (int k = 0; k < 2 * matrix.depth(); k++) {
            int product = k / matrix.depth();
            int depth = k % matrix.depth();
            expected +=
                memory.get((2 * i + product) * left + r * matrix.depth() + depth)
                    * memory.get(rightAt + product * right + depth * matrix.cols() + c);
          }
          assertThat(memory.getInt(sum)).as("sum at %d", sum).isEqualTo(expected);
          sum += 4;
        }
      }
    }
  }

  @Test
  void roundsOverlapWhereThereIsRoom() {
    ExampleKernel example = ExampleKernel.of(VliwMachines.file("npu"), 3).orElseThrow();
    assertThat(example.rounds()).isEqualTo(16);
    RunResult run = VliwSimulator.run(VliwMachines.file("npu"), example.program(), false).result();
    assertThat(run.counters().get("bundles")).isGreaterThan(example.program().instructionCount());
  }

  @Test
  void thereIsNoneWhereLocalMemoryIsTooSmall() {
    VliwArchitecture machine = VliwMachines.small("local_memory.capacity_bytes=64");
    assertThat(ExampleKernel.of(machine, 3)).isEmpty();
  }
}
