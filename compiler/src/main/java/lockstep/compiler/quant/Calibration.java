// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.GraphPiece;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.PieceWriter;
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
      run(
          Long.MAX_VALUE,
          PieceWriter::ranges,
          (watched, results) -> {
            float[] ends = floats(results, PieceWriter.RANGES);
            for (int i = 0; i < watched.size(); i++) {
              Range range = range(watched.get(i), ends[2 * i], ends[2 * i + 1]);
              found.merge(groups.root(watched.get(i)), range, Range::union);
            }
          });
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
      run(
          ELEMENTS_AT_A_TIME,
          PieceWriter::values,
          (watched, results) -> {
            for (int i = 0; i < watched.size(); i++) {
              Objects.requireNonNull(found.get(groups.root(watched.get(i))))
                  .add(floats(results, PieceWriter.value(i)));
            }
          });
      histograms = Map.copyOf(found);
    }
    return histograms;
  }

  /** Runs all inputs through a piece of the graph after the other. */
  private void run(
      long elements,
      Function<GraphPiece, OnnxWriter.Detached> writer,
      BiConsumer<List<String>, Map<String, Constant>> results) {
    if (values.isEmpty()) {
      return;
    }
    List<Map<String, Constant>> alive = new ArrayList<>();
    inputs.forEach(input -> alive.add(feeds(graph, input)));
    for (GraphPiece piece : GraphPiece.of(graph, values, GraphPiece.NODES, elements)) {
      OnnxWriter.Detached model = writer.apply(piece);
      try (HostSession session =
          HostSession.open(model.model(), model.weights(), "the model for calibration")) {
        for (Map<String, Constant> each : alive) {
          Map<String, Constant> given = piece.run(session, each);
          if (!piece.watched().isEmpty()) {
            results.accept(piece.watched(), given);
          }
        }
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
