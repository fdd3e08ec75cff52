// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.awt.geom.Ellipse2D;
import java.util.List;
import lockstep.report.SideBySide.Entry;
import lockstep.sweep.study.Objective;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The fronts of several studies over two objectives, a colour for each study. */
public final class FrontsChart {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 430;
  private static final double SIZE = 8;

  private FrontsChart() {}

  /** Draws one pair of objectives. */
  public static SvgChart draw(List<Entry> studies, Objective x, Objective y) {
    var data = new XYSeriesCollection();
    var renderer = new XYLineAndShapeRenderer(false, true);
    for (Entry each : studies) {
      var series = new XYSeries(each.name(), false, true);
      each.report()
          .results()
          .front()
          .forEach(row -> series.add(row.metric(x.metric()), row.metric(y.metric())));
      int index = data.getSeriesCount();
      data.addSeries(series);
      renderer.setSeriesShape(index, new Ellipse2D.Double(-SIZE / 2, -SIZE / 2, SIZE, SIZE));
      renderer.setSeriesPaint(index, Ink.series(index));
    }
    var plot =
        new XYPlot(
            data,
            Axes.close(x.title() + " (" + x.unit() + ")"),
            Axes.close(y.title() + " (" + y.unit() + ")"),
            renderer);
    Axes.grid(plot);
    return SvgChart.of(
        "fronts-" + x.word() + "-" + y.word(),
        y.title() + " over " + x.title(),
        new JFreeChart(null, null, plot, true),
        WIDTH,
        HEIGHT);
  }
}
