// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lockstep.arch.Dma;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.rtl.systolic.SystolicVerilog;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verilator has no warning at {@code -Wall} for machines at the edges and for drawn ones. */
class LintTest {
  private static final int DRAWN = 10;
  private static final int LARGEST = 24;

  static Stream<SystolicArchitecture> machines() {
    Set<Dataflow> ws = Set.of(Dataflow.WS);
    Set<Dataflow> os = Set.of(Dataflow.OS);
    return Stream.concat(
        Stream.of(
            Machines.machine(
                1, 1, ws, new Dma(4, 1, 1), 1, new int[] {3, 1}, new int[] {1, 1}, ideal()),
            Machines.machine(
                1, 9, os, new Dma(8, 2, 4), 1, new int[] {3, 16}, new int[] {2, 4}, ideal()),
            Machines.machine(
                7, 3, os, new Dma(4, 3, 2), 1, new int[] {4, 9}, new int[] {3, 5}, ideal()),
            Machines.machine(
                3, 256, ws, new Dma(16, 1, 1), 1, new int[] {3, 1}, new int[] {1, 1}, ideal()),
            Machines.machine(
                256, 2, ws, new Dma(4, 1, 2), 2, new int[] {3, 2}, new int[] {1, 1}, ideal())),
        IntStream.range(0, DRAWN)
            .mapToObj(
                seed -> RandomSystolic.draw(new SplittableRandom(seed), "drawn-" + seed, LARGEST)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void verilatorHasNoWarning(SystolicArchitecture machine, @TempDir Path folder) throws Exception {
    Tools.assumeInstalled("verilator");
    List<String> command =
        new ArrayList<>(
            List.of("verilator", "--lint-only", "-Wall", "--top-module", SystolicVerilog.TOP));
    for (Map.Entry<String, String> f : SystolicVerilog.generate(machine).entrySet()) {
      Files.writeString(folder.resolve(f.getKey()), f.getValue());
      command.add(f.getKey());
    }
    Tool.Outcome outcome = Tool.call(command, folder, Duration.ofMinutes(2));
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  private static lockstep.arch.OffChipMemory ideal() {
    return Machines.memory(0, 1024);
  }
}
