// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.quality.QualityReport;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.QualityData;

/**
 * The metrics of a trial that compare with the float model; over several models the least of each.
 */
public final class QualityMetrics {
  private QualityMetrics() {}

  /**
   * The metrics by name.
   *
   * @param reports by the model's name
   */
  public static Map<String, Double> of(Map<String, QualityReport> reports) {
    var metrics = new LinkedHashMap<String, Double>();
    reports.values().forEach(each -> of(each).forEach((k, v) -> metrics.merge(k, v, Math::min)));
    reports.forEach((model, each) -> of(each).forEach((k, v) -> metrics.put(model + "." + k, v)));
    return metrics;
  }

  private static Map<String, Double> of(QualityReport report) {
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put(Objective.SQNR_DB.metric(), report.sqnrDb());
    metrics.put(Objective.TOP1_AGREEMENT.metric(), report.top1Agreement());
    if (report.accuracy() != null) {
      metrics.put(QualityData.ACCURACY, report.accuracy());
    }
    return metrics;
  }

  /** Any values, for the names. */
  static Map<String, Double> names(List<String> models, boolean labelled) {
    Double share = labelled ? Double.valueOf(1) : null;
    var reports = new LinkedHashMap<String, QualityReport>();
    for (String model : models) {
      var output = List.of(new QualityReport.OutputQuality("", 1));
      reports.put(model, new QualityReport("", 1, List.of(), output, 1, share, share));
    }
    return of(reports);
  }
}
