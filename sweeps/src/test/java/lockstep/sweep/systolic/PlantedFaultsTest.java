// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lockstep.arch.OffChipMemory;
import lockstep.arch.UserError;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.systolic.SystolicCompiler;
import lockstep.rtl.MachineVerilog;
import lockstep.rtl.VerilatedModel;
import lockstep.rtl.systolic.SystolicVerilog;
import lockstep.sim.systolic.SystolicSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    List<CompiledModel> models = new ArrayList<>();
    while (models.size() < PROGRAMS) {
      try {
        models.add(
            SystolicCompiler.compile(
                RandomNetwork.draw(random, 1 + random.nextInt(3), 12), MACHINE, ""));
      } catch (UserError doesNotFit) {
        assertThat(doesNotFit).hasMessageContaining("does not fit");
      }
    }
    models.sort(Comparator.comparingLong(PlantedFaultsTest::cycles));
    MODELS.addAll(models);
  }

  private static long cycles(CompiledModel model) {
    return model.programs().stream()
        .mapToLong(each -> SystolicSimulator.run(MACHINE, each, false).result().cycles())
        .sum();
  }

  @Test
  void everyFaultCanBePlanted() {
    Map<String, String> verilog = SystolicVerilog.generate(MACHINE);
    assertThat(PlantedFault.ALL).hasSizeGreaterThanOrEqualTo(20);
    assertThat(PlantedFault.ALL)
        .allSatisfy(f -> assertThat(f.plant(verilog)).isNotEqualTo(verilog));
  }

  @Test
  void eachIsCaught() throws Exception {
    build(SystolicVerilog.generate(MACHINE));
    List<String> missed = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(2)) {
      List<Future<Optional<String>>> found = new ArrayList<>();
      for (PlantedFault fault : PlantedFault.ALL) {
        found.add(
            pool.submit(
                () -> firstDifference(build(fault.plant(SystolicVerilog.generate(MACHINE))))));
      }
      for (int i = 0; i < found.size(); i++) {
        if (found.get(i).get().isEmpty()) {
          missed.add(PlantedFault.ALL.get(i).meaning());
        }
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void theMachineItselfIsNotAccused() throws InterruptedException {
    assertThat(firstDifference(build(SystolicVerilog.generate(MACHINE)))).isEmpty();
  }

  private static VerilatedModel build(Map<String, String> verilog) throws InterruptedException {
    try {
      return VerilatedModel.build(
          new MachineVerilog(MACHINE, verilog), cache, VerilatedModel.Variant.QUICK);
    } catch (UserError e) {
      if (e.exitCode() == UserError.MISSING_TOOL) {
        return abort("no co-simulation: " + e.getMessage());
      }
      throw e;
    }
  }

  /** What the comparison says of the first program that differs. */
  private static Optional<String> firstDifference(VerilatedModel verilog)
      throws InterruptedException {
    for (int i = 0; i < MODELS.size(); i++) {
      SystolicVerification v = SystolicVerification.of(MACHINE, MODELS.get(i), verilog, i);
      if (!v.equal()) {
        return Optional.of(v.text());
      }
    }
    return Optional.empty();
  }
}
