// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.report.chart.FrontsChart;
import lockstep.report.chart.SvgChart;
import lockstep.report.chart.Theme;
import lockstep.sweep.store.AtomicFile;

/** Writes the page of several studies, {@code report.html}, which needs no other file. */
public final class SideBySideReport {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  private SideBySideReport() {}

  /** What the template reads. */
  public record Page(SideBySide studies, List<SvgChart> charts, String css, String script) {}

  /**
   * Writes the page.
   *
   * @throws lockstep.arch.UserError when the folder cannot be written
   */
  public static void write(Path folder, SideBySide studies) {
    var charts = new ArrayList<SvgChart>();
    var objectives = studies.objectives();
    for (int i = 0; i < objectives.size(); i++) {
      for (int j = i + 1; j < objectives.size(); j++) {
        charts.add(FrontsChart.draw(studies.entries(), objectives.get(i), objectives.get(j)));
      }
    }
    var page =
        new Page(
            studies,
            List.copyOf(charts),
            Theme.css() + StudyReport.resource("report.css"),
            StudyReport.resource("report.js"));
    var output = new StringOutput();
    TEMPLATES.render("sidebyside.jte", Map.<String, Object>of("page", page), output);
    AtomicFile.write(folder.resolve("report.html"), output.toString());
  }
}
