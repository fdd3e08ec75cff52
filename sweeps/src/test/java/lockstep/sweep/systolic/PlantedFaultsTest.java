// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lockstep.arch.Dma;
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
import lockstep.sweep.verify.Verification;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each planted fault is caught by the comparison, and the machines without one are not accused.
 * Hardly any tensor stays on chip where the rows of the array are no multiple of its columns, so
 * what store does there is tried on a machine of its own.
 */
class PlantedFaultsTest {
  private static final int PROGRAMS = 150;

  private static final SystolicArchitecture MACHINE =
      machine(new SystolicArchitecture.Array(4, 3, Set.of(Dataflow.WS, Dataflow.OS)), 4);
  private static final SystolicArchitecture KEEPING =
      machine(new SystolicArchitecture.Array(6, 3, Set.of(Dataflow.WS)), 6);

  private static SystolicArchitecture machine(SystolicArchitecture.Array array, int width) {
    return new SystolicArchitecture(
        "planted",
        array,
        new SystolicArchitecture.Scratchpad(2048 * width, 4, width),
        new SystolicArchitecture.Accumulator(1536, 2, 4 * array.cols()),
        new SystolicArchitecture.PostProcessing(2, 8),
        new Dma(4, 2, 8),
        new SystolicArchitecture.Queues(4, 8),
        new OffChipMemory("unit", 7, 3, 1 << 24),
        100,
        "unit");
  }

  /** Drawn programs for a machine, the shortest first, and the faults that they must find. */
  private record Subject(
      SystolicArchitecture machine, List<CompiledModel> models, List<PlantedFault> faults) {
    Map<String, String> verilog() {
      return SystolicVerilog.generate(machine);
    }

    VerilatedModel build(Map<String, String> verilog) throws InterruptedException {
      try {
        return VerilatedModel.build(
            new MachineVerilog<>(machine, verilog), cache, VerilatedModel.Variant.QUICK);
      } catch (UserError e) {
        if (e.exitCode() == UserError.MISSING_TOOL) {
          return abort("no co-simulation: " + e.getMessage());
        }
        throw e;
      }
    }

    /** What the comparison says of the first program that differs. */
    Optional<String> firstDifference(Map<String, String> verilog) throws InterruptedException {
      var built = build(verilog);
      for (int i = 0; i < models.size(); i++) {
        var found = Verification.of(new SystolicDevice(machine), models.get(i), built, i);
        if (!found.equal()) {
          return Optional.of(found.text());
        }
      }
      return Optional.empty();
    }
  }

  private static final List<Subject> SUBJECTS = new ArrayList<>();

  @TempDir static Path cache;

  @BeforeAll
  static void compile() {
    SUBJECTS.add(new Subject(MACHINE, models(MACHINE, 1, 3, 12), PlantedFault.ALL));
    SUBJECTS.add(new Subject(KEEPING, models(KEEPING, 2, 5, 10), PlantedStoreFaults.ALL));
  }

  private static List<CompiledModel> models(
      SystolicArchitecture machine, int least, int most, int largest) {
    SplittableRandom random = new SplittableRandom(1);
    List<CompiledModel> models = new ArrayList<>();
    while (models.size() < PROGRAMS) {
      try {
        models.add(
            SystolicCompiler.compile(
                RandomNetwork.draw(random, random.nextInt(least, most + 1), largest), machine, ""));
      } catch (UserError doesNotFit) {
        assertThat(doesNotFit).hasMessageContaining("does not fit");
      }
    }
    models.sort(Comparator.comparingLong(each -> cycles(machine, each)));
    return List.copyOf(models);
  }

  private static long cycles(SystolicArchitecture machine, CompiledModel model) {
    return model.programs().stream()
        .mapToLong(each -> SystolicSimulator.run(machine, each, false).result().cycles())
        .sum();
  }

  @Test
  void everyFaultCanBePlanted() {
    assertThat(PlantedFault.ALL).hasSizeGreaterThanOrEqualTo(20);
    assertThat(PlantedStoreFaults.ALL).hasSizeGreaterThanOrEqualTo(8);
    for (Subject each : SUBJECTS) {
      assertThat(each.faults())
          .allSatisfy(f -> assertThat(f.plant(each.verilog())).isNotEqualTo(each.verilog()));
    }
  }

  @Test
  void eachIsCaught() throws Exception {
    List<String> missed = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(2)) {
      Map<String, Future<Optional<String>>> found = new LinkedHashMap<>();
      for (Subject each : SUBJECTS) {
        each.build(each.verilog());
        for (PlantedFault fault : each.faults()) {
          found.put(
              fault.meaning(),
              pool.submit(() -> each.firstDifference(fault.plant(each.verilog()))));
        }
      }
      for (var each : found.entrySet()) {
        if (each.getValue().get().isEmpty()) {
          missed.add(each.getKey());
        }
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void theMachinesThemselvesAreNotAccused() throws InterruptedException {
    for (Subject each : SUBJECTS) {
      assertThat(each.firstDifference(each.verilog())).isEmpty();
    }
  }
}
