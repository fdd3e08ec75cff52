// SPDX-License-Identifier: Apache-2.0
package lockstep.report.chart;

import java.text.NumberFormat;
import java.util.Locale;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;

/** Axes in the look that all charts share. */
final class Axes {
  private static final int MOST_TICKS = 12;

  private Axes() {}

  /** A linear axis that begins at zero. */
  static NumberAxis linear(String label) {
    var axis = new NumberAxis(label);
    axis.setAutoRangeIncludesZero(true);
    axis.setNumberFormatOverride(numbers());
    return styled(axis);
  }

  /** A linear axis that shows the values only, with a margin. */
  static NumberAxis close(String label) {
    var axis = linear(label);
    axis.setAutoRangeIncludesZero(false);
    axis.setLowerMargin(0.06);
    axis.setUpperMargin(0.08);
    return axis;
  }

  /**
   * An axis for logarithms to base 2, labelled with the values themselves, over whole powers.
   * (JFreeChart's own logarithmic axis draws its labels as outlines, not as text.)
   */
  static NumberAxis powersOfTwo(String label, double low, double high) {
    var axis = new NumberAxis(label);
    double from = Math.floor(log2(low));
    double to = Math.max(from + 1, Math.ceil(log2(high)));
    axis.setRange(from, to);
    axis.setTickUnit(new NumberTickUnit(Math.ceil((to - from) / MOST_TICKS), new PowerOfTwo()));
    return styled(axis);
  }

  static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  static CategoryAxis categories() {
    var axis = new CategoryAxis();
    axis.setMaximumCategoryLabelWidthRatio(0.35f);
    axis.setCategoryLabelPositions(CategoryLabelPositions.STANDARD);
    axis.setLowerMargin(0.01);
    axis.setUpperMargin(0.01);
    axis.setCategoryMargin(0.25);
    return styled(axis);
  }

  static void grid(XYPlot plot) {
    plot.setDomainGridlinePaint(Ink.GRID.colour());
    plot.setRangeGridlinePaint(Ink.GRID.colour());
    plot.setDomainGridlineStroke(SvgChart.THIN);
    plot.setRangeGridlineStroke(SvgChart.THIN);
    plot.setRangeZeroBaselineVisible(false);
  }

  static void grid(CategoryPlot plot) {
    plot.setRangeGridlinePaint(Ink.GRID.colour());
    plot.setRangeGridlineStroke(SvgChart.THIN);
    plot.setDomainGridlinesVisible(false);
  }

  private static <A extends Axis> A styled(A axis) {
    axis.setLabelFont(SvgChart.FONT);
    axis.setTickLabelFont(SvgChart.FONT);
    axis.setLabelPaint(Ink.TEXT.colour());
    axis.setTickLabelPaint(Ink.TEXT.colour());
    axis.setAxisLinePaint(Ink.MUTED.colour());
    axis.setTickMarkPaint(Ink.MUTED.colour());
    return axis;
  }

  private static NumberFormat numbers() {
    var format = NumberFormat.getNumberInstance(Locale.ROOT);
    format.setMaximumFractionDigits(6);
    return format;
  }
}
