// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.vliw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lockstep.arch.vliw.VliwArchitecture;
import lockstep.compiler.program.Program;
import lockstep.isa.vliw.VliwCounter;
import lockstep.sim.vliw.VliwRun;
import lockstep.sim.vliw.VliwSimulator;
import lockstep.sweep.CycleWindow;
import lockstep.sweep.KanataReader;
import lockstep.sweep.KanataReader.Row;
import org.junit.jupiter.api.Test;

class VliwPipelineTest {
  private final VliwArchitecture machine = HandProgram.machine();
  private final Program program = HandProgram.of(machine);
  private final VliwRun run = VliwSimulator.run(machine, program, false);

  private List<Row> rows(long from, long to) {
    return KanataReader.rows(
        VliwPipeline.log(machine, List.of(program), new CycleWindow(from, to)));
  }

  @Test
  void everyIssueIsARowAndEveryCycleOfTheAccountIsInOne() {
    List<Row> rows = rows(0, Long.MAX_VALUE);
    assertThat(rows).hasSize(Math.toIntExact(run.result().counters().get("bundles")));
    long[] last = new long[program.instructionCount()];
    long before = -1;
    for (Row row : rows) {
      var issue = row.span("I").orElseThrow();
      assertThat(issue.to()).isEqualTo(issue.from() + 1);
      assertThat(issue.from()).isGreaterThan(before);
      before = issue.from();
      last[(int) row.number] = issue.from();
    }
    assertThat(last).isEqualTo(run.result().retire());
    for (VliwCounter reason : VliwCounter.values()) {
      String name = reason.key().replace("issue.", "");
      if (reason.key().startsWith("issue.") && reason != VliwCounter.ISSUE_BUSY) {
        long cycles =
            rows.stream()
                .flatMap(row -> row.spans.stream())
                .filter(span -> span.lane() == 1 && span.name().equals(name))
                .mapToLong(span -> span.to() - span.from())
                .sum();
        assertThat(cycles).as(name).isEqualTo(run.result().counters().get(reason.key()));
      }
    }
  }

  @Test
  void aBundleIsFetchedExpandedAndIssuedOnce() {
    List<Row> rows = rows(0, Long.MAX_VALUE);
    Row first = rows.getFirst();
    assertThat(first.label).isEqualTo("0: { scalar: li; dma: set value=8192 }");
    assertThat(first.details).startsWith("multiply; ");
    assertThat(first.span("F").orElseThrow().from()).isZero();
    assertThat(first.span("X").orElseThrow().from()).isEqualTo(first.span("F").orElseThrow().to());
    assertThat(first.span("I").orElseThrow().from()).isEqualTo(run.firstIssue()[0]);
    // the bundles of the outer loop's body: eight rounds, fetched in the first
    List<Row> again = rows.stream().filter(row -> row.number == 9).toList();
    assertThat(again).hasSize(8);
    assertThat(again.subList(1, 8)).allSatisfy(row -> assertThat(row.span("F")).isEmpty());
  }

  @Test
  void aWindowHoldsItsIssuesAndNoCycleBefore() {
    long from = run.firstIssue()[9];
    List<Row> rows = rows(from, from + 20);
    assertThat(rows).isNotEmpty();
    assertThat(rows.getFirst().number).isEqualTo(9);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.begin).isGreaterThanOrEqualTo(from);
              assertThat(row.span("I").orElseThrow().from()).isBetween(from, from + 19);
            });
    assertThat(rows(from + 1_000_000, from + 1_000_001)).isEmpty();
  }
}
