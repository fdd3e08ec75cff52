// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.List;
import java.util.stream.Stream;
import lockstep.report.chart.SvgChart;
import lockstep.sweep.design.Design;
import lockstep.sweep.run.ModelRun;

/** What the template of the report reads. */
public record ReportPage(
    Report report,
    List<SvgChart> pareto,
    List<SvgChart> components,
    List<Detail> details,
    List<ModelRun.Part> sources,
    String css,
    String script) {

  /** A recommended design with its charts, {@code stalls} one for each model. */
  public record Detail(Design design, SvgChart roofline, List<SvgChart> stalls) {}

  /** Every chart of the page. */
  public List<SvgChart> allCharts() {
    return Stream.of(
            pareto.stream(),
            components.stream(),
            details.stream().map(Detail::roofline),
            details.stream().flatMap(each -> each.stalls().stream()))
        .flatMap(each -> each)
        .toList();
  }
}
