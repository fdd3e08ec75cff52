// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.awt.BasicStroke;
import java.awt.geom.Ellipse2D;
import java.util.List;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Every layer that multiplies, by its multiply-accumulates per off-chip byte and per cycle, under
 * the machine's bandwidth slope and compute ceiling. Reads and writes have the bandwidth each, so a
 * layer's bytes are those of the direction that moves more. Both axes are logarithmic.
 */
public final class RooflineChart {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 430;

  private RooflineChart() {}

  /** Draws the runs of one machine. */
  public static SvgChart draw(String id, String title, List<ModelRun> runs) {
    var data = new XYSeriesCollection();
    double low = 1;
    double high = 1;
    double least = 1;
    double peak = 1;
    double slope = 1;
    for (ModelRun run : runs) {
      var series = new XYSeries(run.model(), false, true);
      peak = run.peakMacsPerCycle();
      slope = run.peakBytesPerCycle();
      for (LayerRun layer : run.layers()) {
        if (layer.macs() > 0 && layer.dramBytes() > 0 && layer.cycles() > 0) {
          double x = layer.intensity();
          double y = (double) layer.macs() / layer.cycles();
          series.add(Axes.log2(x), Axes.log2(y));
          low = Math.min(low, x);
          high = Math.max(high, x);
          least = Math.min(least, y);
        }
      }
      data.addSeries(series);
    }
    double ridge = peak / slope;
    low = Math.min(low, ridge / 4);
    high = Math.max(high, ridge * 4);
    var x =
        Axes.powersOfTwo(
            "multiply-accumulates per off-chip byte, read or written, whichever are more",
            low,
            high);
    var y = Axes.powersOfTwo("multiply-accumulates per cycle", least, peak * 1.5);
    var renderer = new XYLineAndShapeRenderer(false, true);
    for (int i = 0; i < runs.size(); i++) {
      renderer.setSeriesShape(i, new Ellipse2D.Double(-4, -4, 8, 8));
      renderer.setSeriesPaint(i, Ink.series(i));
    }
    var roof = new XYSeries("bandwidth slope and compute ceiling", false, true);
    roof.add(x.getLowerBound(), x.getLowerBound() + Axes.log2(slope));
    roof.add(Axes.log2(ridge), Axes.log2(peak));
    roof.add(x.getUpperBound(), Axes.log2(peak));
    data.addSeries(roof);
    renderer.setSeriesLinesVisible(runs.size(), true);
    renderer.setSeriesShapesVisible(runs.size(), false);
    renderer.setSeriesPaint(runs.size(), Ink.MUTED.colour());
    renderer.setSeriesStroke(runs.size(), new BasicStroke(2));
    var plot = new XYPlot(data, x, y, renderer);
    Axes.grid(plot);
    return SvgChart.of(id, title, new JFreeChart(null, null, plot, true), WIDTH, HEIGHT);
  }
}
