// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import lockstep.report.Report;
import lockstep.report.StudyReport;
import lockstep.sweep.ResultTables;
import lockstep.sweep.StudyFile;
import lockstep.sweep.StudyResults;
import lockstep.sweep.design.DesignFolder;
import lockstep.sweep.design.Evidence;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.store.StudyLock;
import lockstep.sweep.store.TrialStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explore report STUDY}: report and tables again, from the stored trials. */
@Command(
    description = "Writes a study's report and tables again from its stored trials.",
    mixinStandardHelpOptions = true)
final class RenderReport implements Callable<Integer> {
  @Parameters(paramLabel = "STUDY", description = "the folder of a study")
  private Path folder = Path.of("");

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var stored = StudyFile.read(folder);
    try (var _ = StudyLock.ofStudy(folder)) {
      write(stored);
    }
    return 0;
  }

  private void write(StudyFile.Stored stored) {
    var results = StudyResults.of(stored.study(), stored.candidates(), TrialStore.read(folder));
    var designs =
        results.front().stream()
            .flatMap(row -> DesignFolder.read(folder, row.index(), row.trial().id()).stream())
            .toList();
    var evidence = DesignFolder.readEvidence(folder);
    AtomicFile.write(folder.resolve("results.csv"), ResultTables.results(results));
    AtomicFile.write(
        folder.resolve("pareto.csv"), ResultTables.pareto(results, Evidence.byDesign(evidence)));
    StudyReport.write(
        folder, new Report(results, designs, evidence, DesignFolder.readEnvironment(folder)));
    Sweep.print(command.commandLine().getOut(), results, evidence, folder);
  }
}
