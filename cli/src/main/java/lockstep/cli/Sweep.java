// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import lockstep.arch.Family;
import lockstep.arch.MachineSpec;
import lockstep.arch.UserError;
import lockstep.report.Report;
import lockstep.report.SideBySide;
import lockstep.report.SideBySideReport;
import lockstep.report.StudyReport;
import lockstep.sweep.StudyFile;
import lockstep.sweep.StudyResults;
import lockstep.sweep.StudyRunner;
import lockstep.sweep.design.DesignFolder;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.run.Metrics;
import lockstep.sweep.run.Workload;
import lockstep.sweep.store.Shard;
import lockstep.sweep.store.StudyLock;
import lockstep.sweep.store.TrialStore;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.Study;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore sweep FILE...}: trials, Pareto front, evidence, report; several side by side. */
@Command(
    description = {
      "Runs the study in a machine file: trials, Pareto front, verification, report.",
      "A study that was stopped goes on where it was. Of several files, on the same models, the",
      "fronts are shown side by side on one more page."
    },
    mixinStandardHelpOptions = true)
final class Sweep implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "machine files with a sweep block")
  private final List<Path> files = new ArrayList<>();

  @Mixin private final MachineFile machine = new MachineFile();
  @Mixin private final ModelOptions models = new ModelOptions();

  @Option(
      names = "-o",
      paramLabel = "FOLDER",
      description =
          "the study's folder (default: studies/NAME); of several studies the folder that theirs"
              + " are in")
  private @Nullable Path folder;

  @Option(
      names = "-j",
      paramLabel = "N",
      description = "trials side by side (default: one for each core)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--shard",
      paramLabel = "i/n",
      description =
          "run only every n-th trial, beginning with the i-th, into trials.i.jsonl; a sweep without"
              + " it then gathers all")
  private @Nullable String shard;

  @Option(names = "--no-verify", description = "do not co-simulate the front's Verilog")
  private boolean skipVerification;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (threads < 1) {
      throw new UserError("-j " + threads + ": give 1 or more");
    }
    var studies = files.stream().map(this::planned).toList();
    if (studies.size() == 1) {
      Planned only = studies.getFirst();
      var place = folder == null ? Path.of("studies", only.study().name()) : folder;
      return run(only, place).exitCode();
    }
    SideBySide.check(studies.stream().map(Planned::study).toList());
    var names = studies.stream().map(each -> each.study().name()).toList();
    var studiesFolder = folder == null ? Path.of("studies") : folder;
    var pageFolder = folder == null ? studiesFolder.resolve(String.join("-", names)) : folder;
    int exitCode = 0;
    var entries = new ArrayList<SideBySide.Entry>();
    for (Planned each : studies) {
      Path place = studiesFolder.resolve(each.study().name());
      var ended = run(each, place);
      exitCode = Math.max(exitCode, ended.exitCode());
      var report = ended.report();
      if (report != null) {
        entries.add(entry(each, pageFolder, place, report));
      }
    }
    if (!entries.isEmpty()) {
      SideBySideReport.write(pageFolder, new SideBySide(List.copyOf(entries)));
      command.commandLine().getOut().println("side by side: " + pageFolder.resolve("report.html"));
    }
    return exitCode;
  }

  /** A study, its machine and the file that they are from. */
  private record Planned(Path file, MachineSpec spec, Study study) {}

  /**
   * What came of a study.
   *
   * @param report absent where only a part of the trials ran
   */
  private record Ended(int exitCode, @Nullable Report report) {}

  private Planned planned(Path file) {
    var spec = machine.load(file);
    var sweep =
        spec.sweep()
            .orElseThrow(
                () ->
                    new UserError(
                        file + ": has no study; add a sweep: block, as arch-specs/npu.yaml has"));
    var written = Study.of(sweep, spec.architecture().name());
    return new Planned(file, spec, written.seeded(models.seed(written.seed())));
  }

  private static SideBySide.Entry entry(Planned planned, Path page, Path place, Report report) {
    Path link =
        page.toAbsolutePath()
            .normalize()
            .relativize(place.toAbsolutePath().normalize().resolve("report.html"));
    return new SideBySide.Entry(
        planned.study().name(),
        Family.of(planned.spec().architecture()).word(),
        planned.spec().architecture().technology(),
        link.toString(),
        report);
  }

  private Ended run(Planned planned, Path place) {
    var file = planned.file();
    var spec = planned.spec();
    var study = planned.study();
    var parent = file.toAbsolutePath().getParent();
    var specFolder = parent == null ? file.toAbsolutePath() : parent;
    var reading = models.reading(study.seed(), spec);
    var workloads = Workload.load(study.models(), specFolder, reading);
    Metrics.check(
        study.constraints(),
        workloads.stream().map(Workload::name).toList(),
        study.quality().labels() != null);
    var part = shard == null ? Shard.WHOLE : Shard.parse(shard);
    try (var progress = new TerminalProgress(command.commandLine().getErr());
        var _ = part.whole() ? StudyLock.ofStudy(place) : null) {
      var runner = new StudyRunner(spec, study, place, specFolder, workloads, threads, progress);
      var candidates = runner.candidates();
      var results = runner.trials(candidates, part);
      if (!part.whole()) {
        command
            .commandLine()
            .getErr()
            .println(
                "shard "
                    + shard
                    + " is done; explore sweep "
                    + file
                    + " without --shard gathers all");
        return new Ended(0, null);
      }
      var designs = runner.designs(results);
      var front = new FrontVerifier(Cache.verilated(), place.resolve("crashers"), study.seed());
      boolean verify = study.verifyFront() && !skipVerification;
      var evidence = runner.evidence(results, designs, verify ? front : new NoVerifier());
      var environment = Environment.of(study, workloads, threads);
      DesignFolder.writeEnvironment(place, environment);
      var report = new Report(asStored(place), designs, evidence, environment);
      StudyReport.write(place, report);
      print(command.commandLine().getOut(), results, evidence, place);
      return new Ended(exitCode(evidence, front.failed(), command.commandLine().getErr()), report);
    }
  }

  /** A tool that is missing is no failure: the report says what was not verified, and why. */
  private static int exitCode(List<Evidence> evidence, boolean failed, PrintWriter err) {
    var unverified =
        evidence.stream()
            .filter(each -> each.kind() == Evidence.Kind.SIMULATED)
            .map(Evidence::detail)
            .distinct()
            .toList();
    unverified.forEach(err::println);
    return failed || evidence.stream().anyMatch(each -> each.kind() == Evidence.Kind.DIFFERS)
        ? UserError.CHECK_FAILED
        : 0;
  }

  /** As {@code explore report} will see them: the models' paths from the study's folder. */
  private static StudyResults asStored(Path place) {
    var stored = StudyFile.read(place);
    return StudyResults.of(stored.study(), stored.candidates(), TrialStore.read(place));
  }

  static void print(PrintWriter out, StudyResults results, List<Evidence> evidence, Path folder) {
    var backing = Evidence.byDesign(evidence);
    out.printf("%d trials, %d on the front%n", results.rows().size(), results.front().size());
    results
        .recommended()
        .forEach(
            (index, why) -> {
              var row =
                  results.rows().stream().filter(r -> r.index() == index).findFirst().orElseThrow();
              out.printf("#%d  %s  (%s)%n", index, why, backing.getOrDefault(index, "simulated"));
              for (Objective each : Objective.values()) {
                if (!row.trial().metrics().containsKey(each.metric())) {
                  continue;
                }
                out.printf(
                    Locale.ROOT,
                    "      %-30s %.4g %s%n",
                    each.title(),
                    row.metric(each.metric()),
                    each.unit());
              }
              out.println("      " + row.trial().point());
            });
    out.println("report: " + folder.resolve("report.html"));
  }
}
