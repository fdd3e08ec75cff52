// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One dimension of the search space.
 *
 * @param path dotted path into the machine, for example {@code array.rows}
 */
public record Parameter(String path, Domain domain) {

  /** The values that a parameter may take. */
  public sealed interface Domain {
    /**
     * The value at a position of the domain.
     *
     * @param position in [0, 1)
     */
    JsonNode at(double position);
  }

  /** Listed values of any type, equally likely. */
  public record Values(List<JsonNode> values) implements Domain {
    @Override
    public JsonNode at(double position) {
      return values.get((int) (position * values.size()));
    }
  }

  /** A range, both ends included. */
  public record Range(double min, double max, Distribution distribution) implements Domain {
    @Override
    public JsonNode at(double position) {
      var nodes = JsonNodeFactory.instance;
      return switch (distribution) {
        case UNIFORM -> nodes.numberNode(min + (max - min) * position);
        case LOG_UNIFORM -> nodes.numberNode(clamp(min * Math.pow(max / min, position)));
        case INT_UNIFORM -> nodes.numberNode((long) (min + Math.floor((max - min + 1) * position)));
        case INT_LOG_UNIFORM -> {
          double low = min - 0.5;
          double high = max + 0.5;
          yield nodes.numberNode((long) clamp(Math.rint(low * Math.pow(high / low, position))));
        }
      };
    }

    private double clamp(double value) {
      return Math.clamp(value, min, max);
    }
  }

  /** How the values of a range are spread; the logarithmic ones need {@code min} above 0. */
  public enum Distribution {
    UNIFORM,
    LOG_UNIFORM,
    INT_UNIFORM,
    INT_LOG_UNIFORM
  }
}
