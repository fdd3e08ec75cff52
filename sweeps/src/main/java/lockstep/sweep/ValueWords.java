// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A parameter's value in the few words that a table's cell has room for.
 *
 * <pre>
 * 8                                                       8
 * {rows: 4, cols: 8}                                      rows 4, cols 8
 * []                                                      none
 * [fuse-pool, fuse-residual]                              fuse-pool, fuse-residual
 * [{match: "*", unroll: {pixels: 1, channels: 2}}]        *: unroll (pixels 1, channels 2)
 * [{match: a, buffers: 1}, {match: b, tile: [2, 4]}]      a: buffers 1; b: tile (2, 4)
 * </pre>
 */
final class ValueWords {
  private static final String MATCH = "match";

  private ValueWords() {}

  static String of(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> value.stringValue();
      case ARRAY -> list(value);
      case OBJECT -> group(value);
      default -> value.toString();
    };
  }

  private static String list(JsonNode list) {
    boolean groups = list.valueStream().anyMatch(JsonNode::isContainer);
    return list.isEmpty()
        ? "none"
        : list.valueStream().map(ValueWords::of).collect(Collectors.joining(groups ? "; " : ", "));
  }

  private static String group(JsonNode group) {
    String keys =
        group
            .propertyStream()
            .filter(each -> !each.getKey().equals(MATCH))
            .map(each -> each.getKey() + " " + inner(each.getValue()))
            .collect(Collectors.joining(", "));
    return group.has(MATCH) ? of(group.get(MATCH)) + ": " + keys : keys;
  }

  private static String inner(JsonNode value) {
    return value.isContainer() && !value.isEmpty() ? "(" + of(value) + ")" : of(value);
  }
}
