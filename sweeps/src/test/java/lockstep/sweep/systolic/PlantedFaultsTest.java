// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
      SystolicArchitecture machine,
      List<CompiledModel> models,
      List<PlantedFault> faults,
      Path number,
      VerilatedModel built) {

    /** What the comparison says of the first program that differs while a fault is there. */
    Optional<String> firstDifference(int fault) throws IOException, InterruptedException {
      Files.writeString(number, Integer.toString(fault));
      for (int i = 0; i < models.size(); i++) {
        var found = Verification.of(new SystolicDevice(machine), models.get(i), built, i);
        if (!found.equal()) {
          return Optional.of(found.text());
        }
      }
      return Optional.empty();
    }

    List<String> missed() throws IOException, InterruptedException {
      List<String> missed = new ArrayList<>();
      for (int i = 0; i < faults.size(); i++) {
        if (firstDifference(i + 1).isEmpty()) {
          missed.add(faults.get(i).meaning());
        }
      }
      return missed;
    }
  }

  private static final List<Subject> SUBJECTS = new ArrayList<>();

  @TempDir static Path folder;

  @BeforeAll
  static void build() throws InterruptedException {
    SUBJECTS.add(subject("all", MACHINE, models(MACHINE, 1, 3, 12), PlantedFault.ALL));
    SUBJECTS.add(subject("stores", KEEPING, models(KEEPING, 2, 5, 10), PlantedStoreFaults.ALL));
  }

  private static Subject subject(
      String name,
      SystolicArchitecture machine,
      List<CompiledModel> models,
      List<PlantedFault> faults)
      throws InterruptedException {
    Path number = folder.resolve(name);
    var verilog =
        PlantedVariants.of(SystolicVerilog.generate(machine), SystolicVerilog.TOP, faults, number);
    try {
      return new Subject(
          machine,
          models,
          faults,
          number,
          VerilatedModel.build(
              new MachineVerilog<>(machine, verilog), folder, VerilatedModel.Variant.QUICK));
    } catch (UserError e) {
      if (e.exitCode() == UserError.MISSING_TOOL) {
        return abort("no co-simulation: " + e.getMessage());
      }
      throw e;
    }
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
  void eachIsCaught() throws Exception {
    assertThat(PlantedFault.ALL).hasSizeGreaterThanOrEqualTo(20);
    assertThat(PlantedStoreFaults.ALL).hasSizeGreaterThanOrEqualTo(8);
    List<String> missed = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(SUBJECTS.size())) {
      List<Future<List<String>>> found = new ArrayList<>();
      for (Subject each : SUBJECTS) {
        found.add(pool.submit(each::missed));
      }
      for (var each : found) {
        missed.addAll(each.get());
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void theMachinesThemselvesAreNotAccused() throws Exception {
    for (Subject each : SUBJECTS) {
      assertThat(each.firstDifference(0)).isEmpty();
    }
  }
}
