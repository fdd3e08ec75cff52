// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import lockstep.arch.UserError;
import lockstep.sweep.study.Constraint;
import lockstep.sweep.study.Objective;

/**
 * The metrics of a trial from its runs. Over several models latency, energy and energy-delay
 * product are the geometric mean of the models' own, which the columns {@code model.metric} hold.
 */
public final class Metrics {
  /** The greatest share of a model's integer work that the host does, in no latency or energy. */
  public static final String HOST_MAC_SHARE = "host_mac_share";

  private Metrics() {}

  /** The metrics by name, objectives first. */
  public static Map<String, Double> of(List<ModelRun> runs, double areaMm2) {
    var metrics = new LinkedHashMap<String, Double>();
    metrics.put(Objective.LATENCY.metric(), geometricMean(runs, ModelRun::latencyMs));
    metrics.put(Objective.ENERGY.metric(), geometricMean(runs, ModelRun::energyUj));
    metrics.put(Objective.AREA.metric(), areaMm2);
    metrics.put(
        Objective.EDP.metric(), geometricMean(runs, run -> run.latencyMs() * run.energyUj()));
    metrics.put("power_mw", geometricMean(runs, Metrics::milliwatts));
    metrics.put("utilisation", geometricMean(runs, ModelRun::utilisation));
    metrics.put(HOST_MAC_SHARE, runs.stream().mapToDouble(ModelRun::hostMacShare).max().orElse(0));
    for (ModelRun run : runs) {
      metrics.put(run.model() + ".cycles", (double) run.cycles());
      metrics.put(run.model() + ".bound_cycles", (double) run.boundCycles());
      metrics.put(run.model() + "." + Objective.LATENCY.metric(), run.latencyMs());
      metrics.put(run.model() + "." + Objective.ENERGY.metric(), run.energyUj());
      metrics.put(run.model() + ".utilisation", run.utilisation());
      metrics.put(
          run.model() + ".dram_bytes", (double) (run.dramReadBytes() + run.dramWriteBytes()));
    }
    return metrics;
  }

  /**
   * Refuses constraints on metrics that no trial of these models will have.
   *
   * @param labelled whether the study has labels
   * @throws UserError naming the constraint and the metrics that there are
   */
  public static void check(List<Constraint> constraints, List<String> models, boolean labelled) {
    var names = of(models.stream().map(Metrics::nothing).toList(), 0);
    names.putAll(QualityMetrics.names(models, labelled));
    constraints.forEach(each -> each.met(names));
  }

  private static double milliwatts(ModelRun run) {
    return run.cycles() == 0 ? 0 : run.energyUj() / run.latencyMs();
  }

  private static ModelRun nothing(String model) {
    return new ModelRun(
        model,
        0,
        1,
        0,
        1,
        1,
        0,
        0,
        0,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new Account("", "", "", Map.of()),
        List.of());
  }

  private static double geometricMean(List<ModelRun> runs, ToDoubleFunction<ModelRun> metric) {
    double logarithms = 0;
    for (ModelRun run : runs) {
      logarithms += StrictMath.log(metric.applyAsDouble(run));
    }
    return runs.size() == 1
        ? metric.applyAsDouble(runs.getFirst())
        : StrictMath.exp(logarithms / runs.size());
  }
}
