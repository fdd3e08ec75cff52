// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import lockstep.compiler.network.WeightZeros;
import lockstep.compiler.quality.QualityReport;
import lockstep.sweep.Csv;

/** What quantisation costs, as text and as CSV. */
final class QualityTable {
  private QualityTable() {}

  static void print(PrintWriter out, QualityReport report) {
    out.println();
    out.println("quality against the float model, on " + report.inputs());
    var table =
        new TextTable(
            "layer",
            ">SQNR dB",
            ">weight bits",
            ">output bits",
            ">weights",
            ">zero",
            ">skippable groups",
            ">empty groups");
    for (QualityReport.LayerQuality each : report.layers()) {
      WeightZeros zeros = each.zeros();
      table.row(
          each.layer(),
          number(each.sqnrDb()),
          zeros == null ? "" : String.valueOf(each.weightBits()),
          each.activationBits(),
          zeros == null ? "" : String.valueOf(zeros.weights()),
          zeros == null ? "" : String.format(Locale.ROOT, "%.1f%%", 100 * zeros.sparsity()),
          zeros == null
              ? ""
              : "%d of %d (%d:%d)".formatted(zeros.withinN(), zeros.groups(), zeros.n(), zeros.m()),
          zeros == null ? "" : String.valueOf(zeros.empty()));
    }
    out.print(table);
    report
        .outputs()
        .forEach(
            each -> out.printf("output %s: SQNR %s dB%n", each.output(), number(each.sqnrDb())));
    out.printf(
        Locale.ROOT,
        "the top class agrees on %.1f%% of %d samples%n",
        100 * report.top1Agreement(),
        report.samples());
    if (report.accuracy() != null && report.floatAccuracy() != null) {
      out.printf(
          Locale.ROOT,
          "accuracy %.2f%%; of the float model %.2f%%%n",
          100 * report.accuracy(),
          100 * report.floatAccuracy());
    }
    out.println("zero weights change no cycle: the machine skips none");
  }

  /** One figure a row; the unit is in the figure's name. */
  static String csv(QualityReport report) {
    var csv = new Csv().row(List.of("of", "name", "figure", "value"));
    for (QualityReport.LayerQuality each : report.layers()) {
      row(csv, "layer", each.layer(), "sqnr_db", each.sqnrDb());
      row(csv, "layer", each.layer(), "activation_bits", each.activationBits());
      WeightZeros zeros = each.zeros();
      if (zeros != null) {
        row(csv, "layer", each.layer(), "weight_bits", each.weightBits());
        row(csv, "layer", each.layer(), "weights", zeros.weights());
        row(csv, "layer", each.layer(), "zero_weights", zeros.zeros());
        row(csv, "layer", each.layer(), "groups", zeros.groups());
        row(csv, "layer", each.layer(), "groups_within_n", zeros.withinN());
        row(csv, "layer", each.layer(), "empty_groups", zeros.empty());
      }
    }
    for (QualityReport.OutputQuality each : report.outputs()) {
      row(csv, "output", each.output(), "sqnr_db", each.sqnrDb());
    }
    row(csv, "model", "", "samples", report.samples());
    row(csv, "model", "", "sqnr_db", report.sqnrDb());
    row(csv, "model", "", "top1_agreement", report.top1Agreement());
    if (report.accuracy() != null && report.floatAccuracy() != null) {
      row(csv, "model", "", "accuracy", report.accuracy());
      row(csv, "model", "", "float_accuracy", report.floatAccuracy());
    }
    return csv.toString();
  }

  private static void row(Csv csv, String of, String name, String figure, double value) {
    csv.row(List.of(of, name, figure, Csv.number(value)));
  }

  private static String number(double decibel) {
    return String.format(Locale.ROOT, "%.1f", decibel);
  }
}
