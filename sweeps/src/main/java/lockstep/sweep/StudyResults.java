// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.sweep.front.Hypervolume;
import lockstep.sweep.front.ParetoFront;
import lockstep.sweep.run.Metrics;
import lockstep.sweep.study.Constraint;
import lockstep.sweep.study.Objective;
import lockstep.sweep.study.Study;
import lockstep.sweep.trial.Trial;
import lockstep.sweep.trial.TrialState;

/**
 * A study's trials as results: a pure function of the study and its trials, whatever the order in
 * which they ran.
 *
 * @param rows by index
 * @param recommended designs of the front that stand out, by index of the row, with the reason
 * @param hypervolume share of the box between zero and {@code reference} that the front dominates;
 *     0 without a complete trial
 * @param reference per objective 1.1 times the greatest cost of a complete trial, 1 if that is 0
 */
public record StudyResults(
    Study study,
    List<Row> rows,
    Map<Integer, String> recommended,
    double hypervolume,
    double[] reference) {

  private static final double REFERENCE_MARGIN = 1.1;
  private static final Constraint ALL_ON_THE_MACHINE =
      new Constraint(Metrics.HOST_MAC_SHARE, Constraint.Relation.AT_MOST, 0);

  /**
   * A trial in its place.
   *
   * @param violated the constraints that it does not meet
   * @param onFront whether no other trial that meets the constraints dominates it
   */
  public record Row(int index, Trial trial, List<Constraint> violated, boolean onFront) {
    public boolean feasible() {
      return trial.state() == TrialState.COMPLETE && violated.isEmpty();
    }

    public double metric(String name) {
      return trial.metrics().getOrDefault(name, Double.NaN);
    }
  }

  /** Puts trials into the order of their study; those that have not ended are left out. */
  public static StudyResults of(Study study, List<Candidate> candidates, Collection<Trial> trials) {
    var byId = new HashMap<String, Trial>();
    trials.forEach(each -> byId.put(each.id(), each));
    var ended = new ArrayList<Row>();
    var front = new ParetoFront<Integer>();
    for (Candidate each : candidates) {
      var trial = byId.get(each.id());
      if (trial == null) {
        continue;
      }
      var placed =
          new Trial(trial.id(), each.point(), trial.state(), trial.metrics(), trial.reason());
      var row = new Row(each.index(), placed, violated(study, placed), false);
      ended.add(row);
      if (row.feasible()) {
        front.offer(each.index(), objectives(study, row));
      }
    }
    var onFront = front.members().stream().map(ParetoFront.Member::item).toList();
    var rows =
        ended.stream()
            .map(r -> new Row(r.index(), r.trial(), r.violated(), onFront.contains(r.index())))
            .toList();
    double[] reference = reference(study, rows);
    double box = 1;
    for (double each : reference) {
      box *= each;
    }
    var points = front.members().stream().map(ParetoFront.Member::objectives).toList();
    double volume = points.isEmpty() ? 0 : Hypervolume.of(points, reference) / box;
    return new StudyResults(study, rows, recommended(study, rows), volume, reference);
  }

  /** The designs that no other dominates, by index. */
  public List<Row> front() {
    return rows.stream().filter(Row::onFront).toList();
  }

  /** The costs of a complete trial, in the order of the study's objectives. */
  public static double[] objectives(Study study, Row row) {
    return study.objectives().stream().mapToDouble(each -> cost(each, row)).toArray();
  }

  private static double cost(Objective objective, Row row) {
    return objective.cost(row.metric(objective.metric()));
  }

  private static List<Constraint> violated(Study study, Trial trial) {
    return trial.state() == TrialState.COMPLETE
        ? constraints(study, trial).filter(each -> !each.met(trial.metrics())).toList()
        : List.of();
  }

  /**
   * Those of the study, and unless it has one on that itself, that all of the models' integer work
   * is the machine's: what the host does takes no time and no energy here.
   */
  private static Stream<Constraint> constraints(Study study, Trial trial) {
    boolean open =
        trial.metrics().containsKey(ALL_ON_THE_MACHINE.metric())
            && study.constraints().stream()
                .noneMatch(each -> each.metric().equals(ALL_ON_THE_MACHINE.metric()));
    return Stream.concat(
        study.constraints().stream(), open ? Stream.of(ALL_ON_THE_MACHINE) : Stream.empty());
  }

  private static double[] reference(Study study, List<Row> rows) {
    return study.objectives().stream()
        .mapToDouble(
            objective ->
                REFERENCE_MARGIN
                    * rows.stream()
                        .filter(Row::feasible)
                        .mapToDouble(each -> cost(objective, each))
                        .max()
                        .orElse(0))
        .map(worst -> worst == 0 ? 1 : worst)
        .toArray();
  }

  /** The best of the front in each objective, and the one nearest to the best of all of them. */
  private static Map<Integer, String> recommended(Study study, List<Row> rows) {
    var front = rows.stream().filter(Row::onFront).toList();
    var chosen = new LinkedHashMap<Integer, String>();
    if (front.isEmpty()) {
      return chosen;
    }
    int count = study.objectives().size();
    double[] best = new double[count];
    double[] worst = new double[count];
    for (int i = 0; i < count; i++) {
      Objective objective = study.objectives().get(i);
      Row least = front.getFirst();
      worst[i] = Double.NEGATIVE_INFINITY;
      for (Row each : front) {
        double value = cost(objective, each);
        if (value < cost(objective, least)) {
          least = each;
        }
        worst[i] = Math.max(worst[i], value);
      }
      best[i] = cost(objective, least);
      String word = objective.maximised() ? "greatest " : "least ";
      chosen.merge(least.index(), word + objective.title(), (a, b) -> a + ", " + b);
    }
    Row balanced = front.getFirst();
    double nearest = Double.POSITIVE_INFINITY;
    for (Row each : front) {
      double distance = 0;
      double[] values = objectives(study, each);
      for (int i = 0; i < count; i++) {
        double span = worst[i] - best[i];
        double part = span == 0 ? 0 : (values[i] - best[i]) / span;
        distance += part * part;
      }
      if (distance < nearest) {
        nearest = distance;
        balanced = each;
      }
    }
    chosen.merge(balanced.index(), "balanced", (a, b) -> a + ", " + b);
    return chosen;
  }
}
