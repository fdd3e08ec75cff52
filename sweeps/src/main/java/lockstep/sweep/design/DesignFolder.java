// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.design;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import lockstep.arch.UserError;
import lockstep.sweep.Csv;
import lockstep.sweep.run.KernelRun;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;
import lockstep.sweep.store.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a study keeps of each design of its front, under {@code trials/}: the machine, its runs
 * layer by layer as JSON and CSV; programs and traces lie beside them. And what it knows about the
 * evidence, in {@code evidence.json}.
 */
public final class DesignFolder {
  private static final String RUNS = "design.json";
  private static final String EVIDENCE = "evidence.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private DesignFolder() {}

  /** The folder of one design. */
  public static Path of(Path study, int index, String trial) {
    return study
        .resolve("trials")
        .resolve(String.format(Locale.ROOT, "%04d-%s", index, trial.substring(0, 8)));
  }

  /** Writes machine, runs and stall accounts. */
  public static void write(Path study, Design design) {
    Path folder = of(study, design.index(), design.trial());
    AtomicFile.write(folder.resolve("machine.yaml"), design.machine());
    for (ModelRun run : design.runs()) {
      AtomicFile.write(folder.resolve(run.model()).resolve("layers.csv"), layers(run));
      if (!run.kernels().isEmpty()) {
        AtomicFile.write(folder.resolve(run.model()).resolve("kernels.csv"), kernels(run));
      }
    }
    AtomicFile.write(folder.resolve(RUNS), JSON.writeValueAsString(design) + "\n");
  }

  /**
   * The design of a trial, empty if its folder has none.
   *
   * @throws UserError when it cannot be read
   */
  public static List<Design> read(Path study, int index, String trial) {
    Path file = of(study, index, trial).resolve(RUNS);
    return Files.exists(file) ? List.of(parse(file, new TypeReference<Design>() {})) : List.of();
  }

  public static void writeEvidence(Path study, List<Evidence> evidence) {
    AtomicFile.write(study.resolve(EVIDENCE), JSON.writeValueAsString(evidence) + "\n");
  }

  /** The evidence known, none when there is no such file. */
  public static List<Evidence> readEvidence(Path study) {
    Path file = study.resolve(EVIDENCE);
    return Files.exists(file) ? parse(file, new TypeReference<List<Evidence>>() {}) : List.of();
  }

  public static void writeEnvironment(Path study, Map<String, String> environment) {
    AtomicFile.write(
        study.resolve("environment.json"), JSON.writeValueAsString(environment) + "\n");
  }

  /** Versions, seeds and host as they were when the study ran. */
  public static Map<String, String> readEnvironment(Path study) {
    Path file = study.resolve("environment.json");
    return Files.exists(file)
        ? parse(file, new TypeReference<LinkedHashMap<String, String>>() {})
        : Map.of();
  }

  private static <T> T parse(Path file, TypeReference<T> type) {
    try {
      return JSON.readValue(Files.readString(file), type);
    } catch (JacksonException e) {
      throw new UserError(
          file + ": is damaged (" + e.getOriginalMessage() + "); delete it and sweep again");
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage());
    }
  }

  /** Layers with their stall accounts as CSV. */
  public static String layers(ModelRun run) {
    var csv = new Csv();
    var header =
        new ArrayList<>(
            List.of(
                "layer",
                "macs",
                "cycles",
                "bound_cycles",
                "bound_by",
                "utilisation",
                "dram_bytes",
                "dram_bound_bytes",
                "energy_pj",
                "mapping",
                "on_chip",
                "mapping_search",
                "chain",
                "stripes",
                "macs_again",
                "chain_saved_bytes"));
    var reasons = reasons(run);
    header.addAll(reasons);
    csv.row(header);
    for (LayerRun layer : run.layers()) {
      var cells =
          new ArrayList<>(
              List.of(
                  layer.name(),
                  Long.toString(layer.macs()),
                  Long.toString(layer.cycles()),
                  Long.toString(layer.boundCycles()),
                  layer.boundBy(),
                  Csv.number(layer.utilisation(run.peakMacsPerCycle())),
                  Long.toString(layer.dramBytes()),
                  Long.toString(layer.boundBytes()),
                  Csv.number(layer.picojoules()),
                  layer.mapping(),
                  layer.onChip(),
                  layer.search(),
                  Integer.toString(layer.stripes().chain()),
                  Integer.toString(layer.stripes().count()),
                  Long.toString(layer.stripes().macsAgain()),
                  Long.toString(layer.stripes().savedBytes())));
      reasons.forEach(each -> cells.add(Long.toString(layer.stalls().getOrDefault(each, 0L))));
      csv.row(cells);
    }
    return csv.toString();
  }

  /** Pipelined loops as CSV. */
  public static String kernels(ModelRun run) {
    var csv = new Csv();
    var header =
        new ArrayList<>(
            List.of(
                "layer",
                "loop",
                "interval",
                "bound",
                "bound_by",
                "recurrence_bound",
                "rounds",
                "stages",
                "peak_share"));
    var files =
        run.kernels().stream()
            .flatMap(each -> each.registers().stream())
            .map(KernelRun.RegisterUse::file)
            .distinct()
            .toList();
    files.forEach(each -> header.add(each + "_registers"));
    files.forEach(each -> header.add(each + "_registers_of"));
    csv.row(header);
    for (KernelRun kernel : run.kernels()) {
      var cells =
          new ArrayList<>(
              List.of(
                  kernel.layer(),
                  kernel.name(),
                  Integer.toString(kernel.interval()),
                  Integer.toString(kernel.bound()),
                  kernel.boundBy(),
                  Integer.toString(kernel.recurrenceBound()),
                  Long.toString(kernel.rounds()),
                  Integer.toString(kernel.stages()),
                  Csv.number(kernel.peakShare())));
      files.forEach(each -> cells.add(register(kernel, each, KernelRun.RegisterUse::used)));
      files.forEach(each -> cells.add(register(kernel, each, KernelRun.RegisterUse::available)));
      csv.row(cells);
    }
    return csv.toString();
  }

  private static String register(
      KernelRun kernel, String file, ToIntFunction<KernelRun.RegisterUse> what) {
    return kernel.registers().stream()
        .filter(each -> each.file().equals(file))
        .map(each -> Integer.toString(what.applyAsInt(each)))
        .findFirst()
        .orElse("");
  }

  private static List<String> reasons(ModelRun run) {
    return run.layers().stream()
        .flatMap(each -> each.stalls().keySet().stream())
        .distinct()
        .toList();
  }
}
