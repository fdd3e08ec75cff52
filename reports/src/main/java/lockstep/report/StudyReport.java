// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.report.chart.ParetoChart;
import lockstep.report.chart.SvgChart;
import lockstep.report.chart.Theme;
import lockstep.sweep.store.AtomicFile;
import lockstep.sweep.study.Objective;

/**
 * Writes a study's {@code report.html}, one file that needs no other and no network, and its charts
 * as {@code charts/*.svg}. The same report gives the same bytes.
 */
public final class StudyReport {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(ContentType.Html);

  private StudyReport() {}

  /**
   * Writes the files.
   *
   * @throws lockstep.arch.UserError when the folder cannot be written
   */
  public static void write(Path folder, Report report) {
    var page = page(report);
    for (SvgChart chart : page.allCharts()) {
      AtomicFile.write(folder.resolve("charts").resolve(chart.id() + ".svg"), chart.svg() + "\n");
    }
    AtomicFile.write(folder.resolve("report.html"), html(page));
  }

  private static String html(ReportPage page) {
    var output = new StringOutput();
    TEMPLATES.render("report.jte", Map.<String, Object>of("page", page), output);
    return output.toString();
  }

  private static ReportPage page(Report report) {
    var pareto = new ArrayList<SvgChart>();
    List<Objective> objectives = report.results().study().objectives();
    for (int i = 0; i < objectives.size(); i++) {
      for (int j = i + 1; j < objectives.size(); j++) {
        pareto.add(ParetoChart.draw(report.results(), objectives.get(i), objectives.get(j)));
      }
    }
    var designs = report.recommended();
    var energy = new ArrayList<SvgChart>();
    var details = new ArrayList<ReportPage.Detail>();
    if (!designs.isEmpty()) {
      for (int model = 0; model < designs.getFirst().runs().size(); model++) {
        energy.add(DesignCharts.energy(designs, model));
      }
      energy.add(DesignCharts.area(designs));
      for (var design : designs) {
        var stalls = new ArrayList<SvgChart>();
        for (int model = 0; model < design.runs().size(); model++) {
          stalls.add(DesignCharts.stalls(design, model));
        }
        details.add(new ReportPage.Detail(design, DesignCharts.roofline(design), stalls));
      }
    }
    return new ReportPage(
        report,
        List.copyOf(pareto),
        List.copyOf(energy),
        List.copyOf(details),
        DesignCharts.sources(report.designs()),
        Theme.css() + resource("report.css"),
        resource("report.js"));
  }

  static String resource(String name) {
    try (var stream = StudyReport.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the build has lost the resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
