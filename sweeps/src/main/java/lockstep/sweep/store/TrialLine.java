// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.store;

import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.sweep.study.Point;
import lockstep.sweep.trial.Trial;
import lockstep.sweep.trial.TrialState;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trial as one line of JSON. Numbers are written so that reading gives the same bits. */
final class TrialLine {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TrialLine() {}

  static String write(Trial trial) {
    var line = JSON.createObjectNode();
    line.put("id", trial.id());
    line.put("state", trial.state().name());
    var parameters = line.putObject("parameters");
    trial.point().values().forEach(parameters::set);
    var metrics = line.putObject("metrics");
    trial.metrics().forEach((name, value) -> metrics.put(name, value.doubleValue()));
    if (trial.reason() != null) {
      line.put("reason", trial.reason());
    }
    return JSON.writeValueAsString(line) + "\n";
  }

  /** The trial, or null when the line is not one. */
  static @Nullable Trial read(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      if (!line.path("id").isString() || !line.path("state").isString()) {
        return null;
      }
      Map<String, JsonNode> parameters = new LinkedHashMap<>();
      line.path("parameters").properties().forEach(e -> parameters.put(e.getKey(), e.getValue()));
      Map<String, Double> metrics = new LinkedHashMap<>();
      line.path("metrics")
          .properties()
          .forEach(e -> metrics.put(e.getKey(), e.getValue().doubleValue()));
      JsonNode reason = line.get("reason");
      return new Trial(
          line.path("id").stringValue(),
          new Point(parameters),
          TrialState.valueOf(line.path("state").stringValue()),
          metrics,
          reason == null ? null : reason.stringValue());
    } catch (JacksonException | IllegalArgumentException e) {
      return null;
    }
  }
}
