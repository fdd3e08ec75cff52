// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A place in the search space: a value for each parameter, in the order of the study.
 *
 * @param values by dotted path
 */
public record Point(Map<String, JsonNode> values) {
  public Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** {@code a.b=1 c.d=2}, as {@code --set} takes it. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }
}
