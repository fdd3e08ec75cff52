// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.awt.geom.Ellipse2D;
import java.util.Map;
import java.util.function.Predicate;
import lockstep.sweep.StudyResults;
import lockstep.sweep.StudyResults.Row;
import lockstep.sweep.study.Objective;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * All complete trials over two objectives. The front is the one over <em>all</em> objectives of the
 * study, so points on it may look dominated in one pair.
 */
public final class ParetoChart {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 430;

  /** No-break spaces, which SVG keeps: the label stands beside its point. */
  private static final String LABEL_GAP = "\u00a0\u00a0\u00a0#";

  private ParetoChart() {}

  /** Draws one pair of objectives. */
  public static SvgChart draw(StudyResults results, Objective x, Objective y) {
    Map<Integer, String> recommended = results.recommended();
    var data = new XYSeriesCollection();
    var renderer = new XYLineAndShapeRenderer(false, true);
    add(data, renderer, 11, Ink.SERIES_2, points(results, "recommended", x, y, chosen(results)));
    add(
        data,
        renderer,
        8,
        Ink.SERIES_1,
        points(results, "on the front", x, y, chosen(results).negate().and(Row::onFront)));
    add(
        data,
        renderer,
        6,
        Ink.SERIES_8,
        points(results, "dominated", x, y, r -> r.feasible() && !r.onFront()));
    add(
        data,
        renderer,
        5,
        Ink.SERIES_9,
        points(results, "misses a constraint", x, y, r -> !r.violated().isEmpty()));
    var plot =
        new XYPlot(
            data,
            Axes.close(x.title() + " (" + x.unit() + ")"),
            Axes.close(y.title() + " (" + y.unit() + ")"),
            renderer);
    Axes.grid(plot);
    for (Row row : results.front()) {
      if (recommended.containsKey(row.index())) {
        var label =
            new XYTextAnnotation(
                LABEL_GAP + row.index(), row.metric(x.metric()), row.metric(y.metric()));
        label.setTextAnchor(TextAnchor.BOTTOM_LEFT);
        label.setFont(SvgChart.FONT);
        label.setPaint(Ink.TEXT.colour());
        plot.addAnnotation(label);
      }
    }
    return SvgChart.of(
        "pareto-" + x.word() + "-" + y.word(),
        y.title() + " over " + x.title(),
        new JFreeChart(null, null, plot, true),
        WIDTH,
        HEIGHT);
  }

  private static XYSeries points(
      StudyResults results, String name, Objective x, Objective y, Predicate<Row> which) {
    var series = new XYSeries(name, false, true);
    results.rows().stream()
        .filter(which)
        .forEach(row -> series.add(row.metric(x.metric()), row.metric(y.metric())));
    return series;
  }

  private static Predicate<Row> chosen(StudyResults results) {
    return row -> results.recommended().containsKey(row.index());
  }

  private static void add(
      XYSeriesCollection data,
      XYLineAndShapeRenderer renderer,
      double size,
      Ink ink,
      XYSeries series) {
    if (!series.isEmpty()) {
      int index = data.getSeriesCount();
      data.addSeries(series);
      renderer.setSeriesShape(index, new Ellipse2D.Double(-size / 2, -size / 2, size, size));
      renderer.setSeriesPaint(index, ink.colour());
    }
  }
}
