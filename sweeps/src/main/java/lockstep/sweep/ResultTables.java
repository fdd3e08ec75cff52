// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import lockstep.sweep.study.Constraint;
import lockstep.sweep.study.Parameter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code results.csv} and {@code pareto.csv}. They hold results only, no times of day and no
 * durations, so that the same study gives the same bytes.
 */
public final class ResultTables {
  private ResultTables() {}

  /** Every trial that has ended, by index. */
  public static String results(StudyResults results) {
    var csv = new Csv();
    var metrics = metrics(results.rows());
    var header = header(results, metrics);
    header.addAll(2, List.of("state", "feasible", "on_front"));
    header.add("reason");
    csv.row(header);
    for (StudyResults.Row row : results.rows()) {
      var cells = cells(results, row, metrics);
      cells.addAll(
          2,
          List.of(
              row.trial().state().name(),
              Boolean.toString(row.feasible()),
              Boolean.toString(row.onFront())));
      cells.add(reason(row));
      csv.row(cells);
    }
    return csv.toString();
  }

  /**
   * The front, by index.
   *
   * @param evidence per index what backs the design's numbers, for example {@code RTL-verified}
   */
  public static String pareto(StudyResults results, Map<Integer, String> evidence) {
    var csv = new Csv();
    var metrics = metrics(results.front());
    var header = header(results, metrics);
    header.addAll(2, List.of("recommended", "evidence"));
    csv.row(header);
    for (StudyResults.Row row : results.front()) {
      var cells = cells(results, row, metrics);
      cells.addAll(
          2,
          List.of(
              results.recommended().getOrDefault(row.index(), ""),
              evidence.getOrDefault(row.index(), "simulated")));
      csv.row(cells);
    }
    return csv.toString();
  }

  /** Why a trial is not a candidate for the front, empty if it is one. */
  public static String reason(StudyResults.Row row) {
    var reason = row.trial().reason();
    return reason != null
        ? reason
        : row.violated().stream()
            .map(Constraint::toString)
            .collect(Collectors.joining("; "))
            .transform(text -> text.isEmpty() ? "" : "does not meet " + text);
  }

  /** The names of all metrics, in the order of their first appearance. */
  public static SequencedSet<String> metrics(List<StudyResults.Row> rows) {
    var metrics = new LinkedHashSet<String>();
    rows.forEach(each -> metrics.addAll(each.trial().metrics().keySet()));
    return metrics;
  }

  private static List<String> header(StudyResults results, SequencedSet<String> metrics) {
    var header = new ArrayList<>(List.of("index", "id"));
    results.study().parameters().stream().map(Parameter::path).forEach(header::add);
    header.addAll(metrics);
    return header;
  }

  private static List<String> cells(
      StudyResults results, StudyResults.Row row, SequencedSet<String> metrics) {
    var cells = new ArrayList<>(List.of(Integer.toString(row.index()), row.trial().id()));
    for (Parameter each : results.study().parameters()) {
      cells.add(text(row.trial().point().values().get(each.path())));
    }
    for (String metric : metrics) {
      Double value = row.trial().metrics().get(metric);
      cells.add(value == null ? "" : Csv.number(value));
    }
    return cells;
  }

  /** A parameter's value as tables show it. */
  public static String text(@Nullable JsonNode value) {
    return value == null ? "" : ValueWords.of(value);
  }
}
