// SPDX-License-Identifier: Apache-2.0
package lockstep.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.report.chart.RooflineChart;
import lockstep.report.chart.StackedBars;
import lockstep.report.chart.SvgChart;
import lockstep.sweep.design.Design;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;

/** The charts of a study's recommended designs. */
final class DesignCharts {
  private DesignCharts() {}

  static SvgChart roofline(Design design) {
    return RooflineChart.draw(
        "roofline-" + design.index(), "Roofline of design #" + design.index(), design.runs());
  }

  /** Cycles of each layer by what the machine did or waited for. */
  static SvgChart stalls(Design design, int model) {
    ModelRun run = design.runs().get(model);
    var bars = new StackedBars();
    var reasons = new ArrayList<String>();
    for (LayerRun layer : run.layers()) {
      var parts = new LinkedHashMap<String, Double>();
      run.account()
          .of(layer)
          .forEach((reason, cycles) -> parts.put(run.account().word(reason), (double) cycles));
      parts.keySet().stream().filter(each -> !reasons.contains(each)).forEach(reasons::add);
      bars.bar(layer.name(), parts);
    }
    return bars.draw(
        "stalls-" + design.index() + "-" + model,
        "Cycles per layer of " + run.model() + " on design #" + design.index(),
        "cycles",
        reasons);
  }

  /** Energy of one model by component, a bar for each design. */
  static SvgChart energy(List<Design> designs, int model) {
    var runs = designs.stream().map(each -> each.runs().get(model)).toList();
    return components(
        "energy-" + model,
        "Energy of one inference of " + runs.getFirst().model() + " by component",
        "energy (µJ)",
        designs,
        runs.stream().map(ModelRun::energy).toList());
  }

  static SvgChart area(List<Design> designs) {
    return components(
        "area",
        "Area by component",
        "area (mm²)",
        designs,
        designs.stream().map(Design::area).toList());
  }

  private static SvgChart components(
      String id,
      String title,
      String label,
      List<Design> designs,
      List<List<ModelRun.Part>> parts) {
    var bars = new StackedBars();
    for (int i = 0; i < designs.size(); i++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (ModelRun.Part each : parts.get(i)) {
        values.merge(each.block(), each.value() * 1e-6, Double::sum);
      }
      bars.bar("#" + designs.get(i).index(), values);
    }
    var names = parts.stream().flatMap(List::stream).map(ModelRun.Part::block).distinct();
    return bars.draw(id, title, label, names.toList());
  }

  static List<ModelRun.Part> sources(List<Design> designs) {
    var seen = new LinkedHashMap<String, ModelRun.Part>();
    designs.stream()
        .flatMap(
            d ->
                Stream.concat(
                    d.runs().stream().flatMap(r -> r.energy().stream()), d.area().stream()))
        .forEach(part -> seen.putIfAbsent(part.component() + "\n" + part.source(), part));
    return List.copyOf(seen.values());
  }
}
