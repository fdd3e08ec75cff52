// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quality.QualityReport;
import lockstep.sweep.design.Design;
import lockstep.sweep.design.DesignFolder;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.Metrics;
import lockstep.sweep.run.QualityMetrics;
import lockstep.sweep.run.Workload;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.store.Shard;
import lockstep.sweep.store.TrialStore;
import lockstep.sweep.study.Point;
import lockstep.sweep.study.Study;
import lockstep.sweep.trial.TrialId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs a study: points, trials, front, details and evidence of the front. Everything but the report
 * is in the study's folder when it ends.
 */
public final class StudyRunner {
  private final MachineSpec spec;
  private final Study study;
  private final Path folder;
  private final Path specFolder;
  private final List<Workload> workloads;
  private final int threads;
  private final Progress progress;
  private final Map<QualityKey, QualityReport> quality = new ConcurrentHashMap<>();

  /** What a comparison with the float model depends on: nothing of the hardware. */
  private record QualityKey(String model, Quantisation choices, Pipeline passes) {}

  /**
   * @param folder the study's folder
   * @param specFolder what paths in the study start from
   * @param workloads the study's models, in its order
   * @param threads trials side by side
   */
  public StudyRunner(
      MachineSpec spec,
      Study study,
      Path folder,
      Path specFolder,
      List<Workload> workloads,
      int threads,
      Progress progress) {
    this.spec = spec;
    this.study = study;
    this.folder = folder;
    this.specFolder = specFolder;
    this.workloads = workloads;
    this.threads = threads;
    this.progress = progress;
  }

  /** The study's trials with their ids. */
  public List<Candidate> candidates() {
    var hashes = workloads.stream().map(Workload::hash).toList();
    var options = "seed " + study.seed() + qualityOptions();
    var candidates = new ArrayList<Candidate>();
    for (Point point : study.points()) {
      var machine = resolved(point);
      candidates.add(
          new Candidate(
              candidates.size(), point, TrialId.of(machine, hashes, options, ToolIdentity.text())));
    }
    return List.copyOf(candidates);
  }

  private String qualityOptions() {
    if (!study.measuresQuality()) {
      return "";
    }
    var files = new ArrayList<Path>();
    place(study.quality().inputs()).ifPresent(files::add);
    place(study.quality().labels()).ifPresent(files::add);
    return " quality " + FolderHash.of(files);
  }

  private Optional<Path> place(@Nullable String path) {
    return Optional.ofNullable(path).map(specFolder::resolve);
  }

  private String resolved(Point point) {
    try {
      return spec.with(point.values()).resolvedYaml();
    } catch (UserError invalid) {
      return "invalid: " + point + " of\n" + spec.resolvedYaml();
    }
  }

  /**
   * Runs the trials that the store lacks.
   *
   * @return the results of all trials known
   */
  public StudyResults trials(List<Candidate> candidates, Shard shard) {
    try (var store = TrialStore.open(folder, shard)) {
      store.notes().forEach(progress::note);
      if (shard.whole()) {
        StudyFile.write(folder, spec, study, specFolder, candidates);
      }
      int missing = TrialRunner.missing(candidates, store, shard).size();
      if (missing < candidates.size() && shard.whole()) {
        progress.note(
            (candidates.size() - missing)
                + " of "
                + candidates.size()
                + " trials are already there");
      }
      progress.begin("trials", missing);
      try {
        TrialRunner.run(candidates, store, shard, this::metrics, threads, trial -> progress.step());
      } finally {
        progress.end();
      }
      return StudyResults.of(study, candidates, store.trials());
    }
  }

  private Map<String, Double> metrics(Point point) {
    var machine = spec.with(point.values());
    var target = Target.of(machine);
    var area = target.area().stream().mapToDouble(each -> each.value()).sum() * 1e-6;
    var models = workloads(machine);
    var metrics = Metrics.of(models.stream().map(target::run).toList(), area);
    if (study.measuresQuality()) {
      metrics.putAll(QualityMetrics.of(quality(models, machine.quantisation())));
    }
    return metrics;
  }

  private Map<String, QualityReport> quality(List<Workload> models, Quantisation choices) {
    var reports = new LinkedHashMap<String, QualityReport>();
    for (Workload each : models) {
      var inputs = place(study.quality().inputs()).orElse(null);
      var labels = place(study.quality().labels()).orElse(null);
      reports.put(
          each.name(),
          quality.computeIfAbsent(
              new QualityKey(each.name(), choices, each.pipeline()),
              k -> each.quality(choices, inputs, labels)));
    }
    return reports;
  }

  private List<Workload> workloads(MachineSpec machine) {
    var choices = Target.choices(machine);
    return workloads.stream().map(each -> each.as(choices)).toList();
  }

  /** Writes details, programs and traces of the front's designs, and {@code results.csv}. */
  public List<Design> designs(StudyResults results) {
    AtomicFile.write(folder.resolve("results.csv"), ResultTables.results(results));
    var front = results.front();
    progress.begin("details", front.size());
    try {
      return inParallel(front.stream().map(row -> (Callable<Design>) () -> design(row)).toList());
    } finally {
      progress.end();
    }
  }

  private Design design(StudyResults.Row row) {
    var machine = spec.with(row.trial().point().values());
    var target = Target.of(machine);
    var quantised = workloads(machine);
    var design =
        new Design(
            row.index(),
            row.trial().id(),
            machine.resolvedYaml(),
            quantised.stream().map(target::run).toList(),
            target.area());
    Path place = DesignFolder.of(folder, row.index(), row.trial().id());
    for (Workload each : quantised) {
      target.writePrograms(each, place.resolve(each.name()).resolve("programs"));
      AtomicFile.write(place.resolve(each.name()).resolve("trace.json"), target.trace(each));
    }
    DesignFolder.write(folder, design);
    return design;
  }

  /**
   * Finds evidence for the designs, the recommended ones first, and writes it with {@code
   * pareto.csv}. Verifications of an earlier run of the same trials are kept if the same generator
   * and tools made them.
   */
  public List<Evidence> evidence(StudyResults results, List<Design> designs, Verifier verifier) {
    var known = DesignFolder.readEvidence(folder);
    var ordered = new ArrayList<Design>();
    results
        .recommended()
        .keySet()
        .forEach(i -> designs.stream().filter(d -> d.index() == i).forEach(ordered::add));
    designs.stream().filter(each -> !ordered.contains(each)).forEach(ordered::add);
    progress.begin("verifying", ordered.size() * workloads.size());
    var evidence = new ArrayList<Evidence>();
    try {
      var found =
          inParallel(
              ordered.stream()
                  .map(design -> (Callable<List<Evidence>>) () -> evidence(design, known, verifier))
                  .toList());
      found.forEach(evidence::addAll);
    } finally {
      progress.end();
    }
    DesignFolder.writeEvidence(folder, evidence);
    AtomicFile.write(
        folder.resolve("pareto.csv"), ResultTables.pareto(results, Evidence.byDesign(evidence)));
    return List.copyOf(evidence);
  }

  private List<Evidence> evidence(Design design, List<Evidence> known, Verifier verifier) {
    var machine = spec.with(point(design));
    var evidence = new ArrayList<Evidence>();
    for (int i = 0; i < workloads.size(); i++) {
      var run = design.runs().get(i);
      var kept =
          known.stream()
              .filter(e -> e.kind() == Evidence.Kind.RTL_VERIFIED)
              .filter(e -> verifier.identity().equals(e.verifier()))
              .filter(e -> e.trial().equals(design.trial()) && e.model().equals(run.model()))
              .findFirst();
      if (kept.isPresent()) {
        evidence.add(kept.get());
      } else {
        var verdict = verifier.verify(machine, workloads.get(i), run);
        evidence.add(
            new Evidence(
                design.trial(),
                design.index(),
                run.model(),
                verdict.kind(),
                run.cycles(),
                verdict.detail(),
                verifier.identity()));
      }
      synchronized (progress) {
        progress.step();
      }
    }
    return evidence;
  }

  private Map<String, JsonNode> point(Design design) {
    return study.points().get(design.index()).values();
  }

  private <T> List<T> inParallel(List<Callable<T>> tasks) {
    try (var pool = Executors.newFixedThreadPool(Math.max(1, threads))) {
      var results = new ArrayList<T>();
      for (Future<T> each : pool.invokeAll(tasks)) {
        results.add(each.get());
      }
      return List.copyOf(results);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }
}
