// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a float graph are over some inputs, by running it in ONNX Runtime. Ranges take
 * one pass over the inputs, from which two numbers a value leave the runtime; histograms take a
 * second one, when they are asked for, and keep no values. Each pass is made once.
 */
public final class Calibration {
  /** Numbers that leave the runtime in one run. */
  private static final long ELEMENTS_AT_A_TIME = 1 << 23;

  private final Graph graph;
  private final EncodingGroups groups;
  private final List<String> values;
  private final List<Map<String, float[]>> inputs;
  private @Nullable Map<String, Range> ranges;
  private @Nullable Map<String, Histogram> histograms;

  /**
   * @param inputs one map from input name to values per run
   */
  public Calibration(Graph graph, List<Map<String, float[]>> inputs) {
    this.graph = graph;
    this.groups = new EncodingGroups(graph);
    this.values = NetworkBuilder.calibrated(graph);
    this.inputs = List.copyOf(inputs);
  }

  /** From the least to the greatest number seen. */
  public record Range(float min, float max) {
    Range union(Range other) {
      return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }
  }

  EncodingGroups groups() {
    return groups;
  }

  List<String> values() {
    return values;
  }

  /**
   * The range of each group of values, by its root.
   *
   * @throws UserError if a value is not finite on these inputs
   */
  synchronized Map<String, Range> ranges() {
    if (ranges == null) {
      Map<String, Range> found = new HashMap<>();
      if (!values.isEmpty()) {
        OnnxWriter.Detached model = OnnxWriter.writeRanges(graph, values);
        run(
            model,
            results -> {
              float[] ends = floats(results, OnnxWriter.RANGES);
              for (int i = 0; i < values.size(); i++) {
                Range range = range(values.get(i), ends[2 * i], ends[2 * i + 1]);
                found.merge(groups.root(values.get(i)), range, Range::union);
              }
            });
      }
      ranges = Map.copyOf(found);
    }
    return ranges;
  }

  private static Range range(String value, float min, float max) {
    if (!Float.isFinite(min) || !Float.isFinite(max)) {
      throw new UserError(
          "calibration: value '"
              + value
              + "' is not finite on the calibration"
              + " inputs; give inputs that the model was made for");
    }
    return new Range(min, max);
  }

  /** How often the values of each group lie where, by its root. */
  synchronized Map<String, Histogram> histograms() {
    if (histograms == null) {
      Map<String, Histogram> found = new HashMap<>();
      ranges().forEach((root, range) -> found.put(root, new Histogram(range)));
      List<String> chunk = new ArrayList<>();
      long elements = 0;
      for (String value : values) {
        chunk.add(value);
        elements += graph.type(value).shape().elements();
        if (elements >= ELEMENTS_AT_A_TIME) {
          count(chunk, found);
          chunk.clear();
          elements = 0;
        }
      }
      count(chunk, found);
      histograms = Map.copyOf(found);
    }
    return histograms;
  }

  private void count(List<String> chunk, Map<String, Histogram> found) {
    if (chunk.isEmpty()) {
      return;
    }
    run(
        OnnxWriter.writeValues(graph, chunk),
        results -> {
          for (int i = 0; i < chunk.size(); i++) {
            Histogram histogram = Objects.requireNonNull(found.get(groups.root(chunk.get(i))));
            histogram.add(floats(results, "value:" + i));
          }
        });
  }

  private void run(OnnxWriter.Detached model, Consumer<Map<String, Constant>> results) {
    try (HostSession session =
        HostSession.open(model.model(), model.weights(), "the model for calibration")) {
      for (Map<String, float[]> input : inputs) {
        results.accept(session.runTyped(feeds(graph, input)));
      }
    }
  }

  /** A model's inputs as ONNX Runtime takes them. */
  public static Map<String, Constant> feeds(Graph graph, Map<String, float[]> input) {
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
    return feeds;
  }

  private static float[] floats(Map<String, Constant> results, String name) {
    return Objects.requireNonNull(results.get(name), name).floats();
  }
}
