// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;

/** The range of every value over some inputs, by running the float graph in ONNX Runtime. */
public final class Calibration {
  private Calibration() {}

  /** From the least to the greatest number seen. */
  public record Range(float min, float max) {
    Range union(Range other) {
      return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }
  }

  /**
   * @param inputs one map from input name to values per run
   * @throws UserError if a value is not finite on these inputs
   */
  public static Map<String, Range> ranges(
      Graph graph, List<String> values, List<Map<String, float[]>> inputs) {
    Map<String, Range> ranges = new HashMap<>();
    if (values.isEmpty()) {
      return ranges;
    }
    OnnxWriter.Detached model = OnnxWriter.writeRanges(graph, values);
    try (HostSession session =
        HostSession.open(model.model(), model.weights(), "the model for calibration")) {
      for (Map<String, float[]> input : inputs) {
        Map<String, Constant> feeds = new HashMap<>();
        for (String name : graph.inputs()) {
          float[] floats = Objects.requireNonNull(input.get(name), name);
          ValueType type = graph.type(name);
          feeds.put(
              name,
              type.element() == ElementType.FLOAT
                  ? new Constant.Floats(type.shape(), floats)
                  : Constant.Integers.of(type.element(), type.shape(), floats));
        }
        Map<String, Constant> results = session.runTyped(feeds);
        for (int i = 0; i < values.size(); i++) {
          float min = scalar(results, "min:" + i);
          float max = scalar(results, "max:" + i);
          if (!Float.isFinite(min) || !Float.isFinite(max)) {
            throw new UserError(
                "calibration: value '"
                    + values.get(i)
                    + "' is not finite on the calibration"
                    + " inputs; give inputs that the model was made for");
          }
          ranges.merge(values.get(i), new Range(min, max), Range::union);
        }
      }
    }
    return ranges;
  }

  private static float scalar(Map<String, Constant> results, String name) {
    return Objects.requireNonNull(results.get(name), name).floats()[0];
  }
}
