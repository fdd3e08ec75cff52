// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.compiler.passes.Pipeline;
import lockstep.sweep.Target;
import lockstep.sweep.run.ModelChoices;
import lockstep.sweep.run.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about models: sizes of open dimensions, and the seed. */
final class ModelOptions {
  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "size of the first dimension where the model leaves it open")
  private @Nullable Integer batch;

  @Option(
      names = "--dim",
      paramLabel = "NAME=N",
      description = "size of a dimension that the model leaves open; repeatable")
  private final Map<String, Integer> dimensions = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "seed of generated inputs (default: the study's, else 1)")
  private @Nullable Long seed;

  @Option(
      names = "--calibrate",
      paramLabel = "FOLDER",
      arity = "1..*",
      description =
          "folders with input_0.pb or input_0.npy, ...: inputs that a float model is quantised on"
              + " (default: seeded ones)")
  private final List<Path> calibration = new ArrayList<>();

  @Option(
      names = "--without",
      paramLabel = "PASS",
      split = ",",
      description =
          "passes of the compiler to leave out; explore compile --print-pipeline lists them;"
              + " depth-first: no layer runs in stripes with its neighbours")
  private final List<String> without = new ArrayList<>();

  /** Loads one model, its path from the working folder, in layers that a machine has. */
  Workload load(String model, MachineSpec spec) {
    return Workload.load(model, Path.of(""), reading(1, spec));
  }

  /** The same for no machine. */
  Workload load(String model) {
    return Workload.load(model, Path.of(""), reading(1));
  }

  /** What the command line says of every model, for a machine. */
  Workload.Reading reading(long otherwiseSeed, MachineSpec spec) {
    return reading(otherwiseSeed, Target.choices(spec));
  }

  /** The same for no machine. */
  Workload.Reading reading(long otherwiseSeed) {
    return reading(otherwiseSeed, ModelChoices.NONE);
  }

  private Workload.Reading reading(long otherwiseSeed, ModelChoices choices) {
    return new Workload.Reading(
        dimensions(), calibration, seed(otherwiseSeed), pipeline(), choices);
  }

  /** The passes to run. */
  Pipeline pipeline() {
    return Pipeline.standard().without(without);
  }

  /** Sizes by name, as the compiler takes them. */
  Map<String, Integer> dimensions() {
    var all = new LinkedHashMap<>(dimensions);
    if (batch != null) {
      all.put("batch", batch);
    }
    all.forEach(
        (name, size) -> {
          if (size < 1) {
            throw new UserError(
                "the size of dimension " + name + " is " + size + "; give 1 or more");
          }
        });
    return all;
  }

  long seed(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  /** Whether a seed was given. */
  boolean hasSeed() {
    return seed != null;
  }
}
