// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lockstep.arch.OffChipMemory;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.systolic.SystolicVerilog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted fault is caught by the comparison, and the machine without one is not accused. */
class PlantedFaultsTest {
  private static final int PROGRAMS = 150;

  private static final SystolicArchitecture MACHINE =
      new SystolicArchitecture(
          "planted",
          new SystolicArchitecture.Array(4, 3, Set.of(Dataflow.WS, Dataflow.OS)),
          new SystolicArchitecture.Scratchpad(8192, 4, 4),
          new SystolicArchitecture.Accumulator(1536, 2, 12),
          new SystolicArchitecture.PostProcessing(2, 8),
          new SystolicArchitecture.Dma(4, 2, 8),
          new SystolicArchitecture.Queues(4, 8),
          new OffChipMemory("unit", 7, 3, 1 << 24),
          100,
          "unit");

  private static final List<CompiledModel> MODELS = new ArrayList<>();

  @TempDir static Path cache;

  @BeforeAll
  static void compile() {
    SplittableRandom random = new SplittableRandom(1);
    while (MODELS.size() < PROGRAMS) {
      try {
        MODELS.add(
            SystolicCompiler.compile(
                RandomNetwork.draw(random, 1 + random.nextInt(3), 12), MACHINE, ""));
      } catch (UserError doesNotFit) {
        assertThat(doesNotFit).hasMessageContaining("does not fit");
      }
    }
  }

  /** Every fourth fault, as each needs a build of its own; {@code -Dlockstep.faults=all}: all. */
  static List<PlantedFault> faults() {
    int step = System.getProperty("lockstep.faults", "").equals("all") ? 1 : 4;
    return IntStream.range(0, PlantedFault.ALL.size())
        .filter(i -> i % step == 0)
        .mapToObj(PlantedFault.ALL::get)
        .toList();
  }

  @Test
  void everyFaultCanBePlanted() {
    Map<String, String> verilog = SystolicVerilog.generate(MACHINE);
    assertThat(PlantedFault.ALL).hasSizeGreaterThanOrEqualTo(20);
    assertThat(PlantedFault.ALL)
        .allSatisfy(f -> assertThat(f.plant(verilog)).isNotEqualTo(verilog));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isCaught(PlantedFault fault) throws InterruptedException {
    VerilatedModel faulty = build(fault.plant(SystolicVerilog.generate(MACHINE)));
    assertThat(firstDifference(faulty)).as(fault.meaning()).isNotEmpty();
  }

  @Test
  void theMachineItselfIsNotAccused() throws InterruptedException {
    assertThat(firstDifference(build(SystolicVerilog.generate(MACHINE)))).isEmpty();
  }

  private static VerilatedModel build(Map<String, String> verilog) throws InterruptedException {
    try {
      return VerilatedModel.build(MACHINE, verilog, cache, VerilatedModel.Variant.QUICK);
    } catch (UserError e) {
      if (e.exitCode() == 3) {
        return abort("no co-simulation: " + e.getMessage());
      }
      throw e;
    }
  }

  /** What the comparison says of the first program that differs, or nothing. */
  private static String firstDifference(VerilatedModel verilog) throws InterruptedException {
    for (int i = 0; i < MODELS.size(); i++) {
      try {
        SystolicVerification v = SystolicVerification.of(MACHINE, MODELS.get(i), verilog, i);
        if (!v.equal()) {
          return v.text();
        }
      } catch (UserError hangsOrFaults) {
        return hangsOrFaults.getMessage();
      }
    }
    return "";
  }
}
