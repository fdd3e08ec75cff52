// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.svg.SVGGraphics2D;

/**
 * A chart as SVG text.
 *
 * @param id an identifier, unique on its page; also the name of the chart's file
 * @param title what it shows, in words
 * @param svg one {@code svg} element that scales with its width and takes its colours from CSS
 *     variables; the same chart gives the same text
 */
public record SvgChart(String id, String title, String svg) {
  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  static final BasicStroke THIN = new BasicStroke(1);

  static SvgChart of(String id, String title, JFreeChart chart, int width, int height) {
    chart.setBackgroundPaint(null);
    chart.setPadding(new RectangleInsets(4, 4, 4, 12));
    Plot plot = chart.getPlot();
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    if (chart.getLegend() != null) {
      chart.getLegend().setBackgroundPaint(new Color(0, 0, 0, 0));
      chart.getLegend().setItemPaint(Ink.TEXT.colour());
      chart.getLegend().setItemFont(FONT);
      chart.getLegend().setFrame(org.jfree.chart.block.BlockBorder.NONE);
    }
    var graphics = new SVGGraphics2D(width, height);
    graphics.setDefsKeyPrefix(id);
    chart.setElementHinting(false);
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    return new SvgChart(id, title, themed(graphics.getSVGElement(id), title, width, height));
  }

  private static String themed(String svg, String title, int width, int height) {
    int end = svg.indexOf('>');
    var head =
        svg.substring(0, end)
            .replaceFirst(" width='[^']*' height='[^']*'", "")
            .replaceFirst(" xmlns:jfreesvg='[^']*'", "");
    var body = svg.substring(end);
    for (Ink each : Ink.values()) {
      body = body.replace(each.written(), each.variable());
      body = body.replace(each.written().replace(",", ", "), each.variable());
    }
    return String.format(
            Locale.ROOT,
            "%s viewBox='0 0 %d %d' role='img' aria-label='%s'",
            head,
            width,
            height,
            title.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;"))
        + body;
  }
}
