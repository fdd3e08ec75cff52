// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** Horizontal bars, each made of named parts; the bars come in the order given. */
public final class StackedBars {
  private static final int WIDTH = 620;
  private static final int BAR = 24;
  private static final int FRAME = 110;
  private static final int LONGEST = 26;

  private final Map<String, Map<String, Double>> bars = new LinkedHashMap<>();

  /** Adds a bar; of long names the end is shown, equal ones told apart by a number. */
  public StackedBars bar(String name, Map<String, Double> parts) {
    var shown = name.length() <= LONGEST ? name : "…" + name.substring(name.length() - LONGEST + 1);
    var unique = shown;
    for (int i = 2; bars.containsKey(unique); i++) {
      unique = shown + " (" + i + ")";
    }
    bars.put(unique, new LinkedHashMap<>(parts));
    return this;
  }

  /**
   * Draws the chart.
   *
   * @param parts names of all parts, in the order of the stack; those that are zero everywhere are
   *     left out, but keep their colour
   */
  public SvgChart draw(String id, String title, String valueLabel, List<String> parts) {
    var data = new DefaultCategoryDataset();
    var renderer = new StackedBarRenderer();
    int series = 0;
    for (int i = 0; i < parts.size(); i++) {
      var part = parts.get(i);
      if (bars.values().stream().anyMatch(each -> each.getOrDefault(part, 0.0) != 0)) {
        bars.forEach((bar, values) -> data.addValue(values.getOrDefault(part, 0.0), part, bar));
        renderer.setSeriesPaint(series++, Ink.series(i));
      }
    }
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    renderer.setMaximumBarWidth(0.5);
    var plot = new CategoryPlot(data, Axes.categories(), Axes.linear(valueLabel), renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    Axes.grid(plot);
    return SvgChart.of(
        id, title, new JFreeChart(null, null, plot, true), WIDTH, FRAME + BAR * bars.size());
  }
}
