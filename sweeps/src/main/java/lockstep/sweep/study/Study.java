// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * What {@code explore sweep} runs: the {@code sweep:} block of a machine file, every default filled
 * in.
 *
 * @param name an identifier; also the name of the study's folder
 * @param models names of the zoo, or paths relative to the machine file
 * @param runCap most points to try
 * @param verifyFront whether the designs of the front are co-simulated against their Verilog
 * @param quality what the float model is compared on
 */
public record Study(
    String name,
    Method method,
    List<String> models,
    List<Objective> objectives,
    List<Parameter> parameters,
    List<Constraint> constraints,
    int runCap,
    long seed,
    boolean verifyFront,
    QualityData quality) {

  /** A study without data for quality. */
  public Study(
      String name,
      Method method,
      List<String> models,
      List<Objective> objectives,
      List<Parameter> parameters,
      List<Constraint> constraints,
      int runCap,
      long seed,
      boolean verifyFront) {
    this(
        name,
        method,
        models,
        objectives,
        parameters,
        constraints,
        runCap,
        seed,
        verifyFront,
        QualityData.NONE);
  }

  /**
   * Binds a study block that the schema has accepted.
   *
   * @param machineName the study's name where it gives none
   */
  public static Study of(JsonNode sweep, String machineName) {
    var parameters = new ArrayList<Parameter>();
    for (var entry : sweep.path("parameters").properties()) {
      parameters.add(new Parameter(entry.getKey(), domain(entry.getValue())));
    }
    var objectives = strings(sweep.path("objectives")).stream().map(Objective::of).toList();
    return new Study(
        sweep.path("name").asString(machineName),
        Method.valueOf(sweep.path("method").asString("grid").toUpperCase(Locale.ROOT)),
        strings(sweep.path("models")),
        objectives.isEmpty()
            ? List.of(Objective.LATENCY, Objective.ENERGY, Objective.AREA)
            : objectives,
        List.copyOf(parameters),
        strings(sweep.path("constraints")).stream().map(Constraint::parse).toList(),
        sweep.path("run_cap").asInt(Integer.MAX_VALUE),
        sweep.path("seed").asLong(1),
        sweep.path("verify").path("front").asBoolean(true),
        QualityData.of(sweep.path("quality")));
  }

  /** The same study with another seed. */
  public Study seeded(long other) {
    return new Study(
        name,
        method,
        models,
        objectives,
        parameters,
        constraints,
        runCap,
        other,
        verifyFront,
        quality);
  }

  /** Whether an objective or a constraint compares with the float model. */
  public boolean measuresQuality() {
    return objectives.stream().anyMatch(Objective::ofQuality)
        || constraints.stream().anyMatch(each -> QualityData.measured(each.metric()));
  }

  /** The study's points; each is one trial, its place in the list the trial's index. */
  public List<Point> points() {
    return method.points(parameters, runCap, seed);
  }

  private static Parameter.Domain domain(JsonNode parameter) {
    JsonNode values = parameter.get("values");
    if (values != null) {
      return new Parameter.Values(values.valueStream().toList());
    }
    return new Parameter.Range(
        parameter.path("min").doubleValue(),
        parameter.path("max").doubleValue(),
        Parameter.Distribution.valueOf(
            parameter.path("distribution").asString("int_uniform").toUpperCase(Locale.ROOT)));
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }
}
