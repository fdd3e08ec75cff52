// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.NetworkBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphPieceTest {
  private static final int ALL = Integer.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(strings = {"resnet8", "bert_tiny"})
  void theValuesAreThoseOfTheWholeGraph(String model) {
    Graph graph = graph(model);
    List<String> values = NetworkBuilder.calibrated(graph);
    List<GraphPiece> whole = GraphPiece.of(graph, values, ALL, ALL);
    assertThat(whole).hasSize(1);
    Map<String, Constant> expected = values(graph, whole);
    Map<String, Float> ends = ranges(graph, whole);
    assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(values);
    for (int nodes : new int[] {1, 3, 7}) {
      List<GraphPiece> pieces = GraphPiece.of(graph, values, nodes, ALL);
      assertThat(pieces).hasSizeGreaterThan(graph.nodes().size() / nodes - 1);
      assertThat(values(graph, pieces)).isEqualTo(expected);
      assertThat(ranges(graph, pieces)).isEqualTo(ends);
    }
  }

  @Test
  void aPieceEndsWhereItsValuesAreManyEnough() {
    Graph graph = graph("resnet8");
    List<String> values = NetworkBuilder.calibrated(graph);
    List<GraphPiece> pieces = GraphPiece.of(graph, values, ALL, 1);
    assertThat(pieces).hasSize(graph.nodes().size());
    assertThat(pieces.stream().flatMap(p -> p.watched().stream()))
        .containsExactlyElementsOf(values);
  }

  @Test
  void whatNobodyNeedsIsNotRun() {
    Graph graph = graph("resnet8");
    String first = graph.nodes().getFirst().output();
    List<GraphPiece> pieces = GraphPiece.of(graph, List.of(first), 1, ALL);
    assertThat(pieces).hasSize(graph.nodes().size() - 1);
    assertThat(pieces.getFirst().watched()).containsExactly(first);
    assertThat(pieces.getLast().spent()).isNotEmpty();
  }

  private static Graph graph(String model) {
    return Pipeline.standard().run(ModelCompiler.read(ModelSource.of(model, Map.of())));
  }

  private static Map<String, Constant> values(Graph graph, List<GraphPiece> pieces) {
    Map<String, Constant> values = new HashMap<>();
    run(
        graph,
        pieces,
        PieceWriter::values,
        (piece, results) -> {
          for (int i = 0; i < piece.watched().size(); i++) {
            values.put(piece.watched().get(i), result(results, PieceWriter.value(i)));
          }
        });
    return values;
  }

  private static Map<String, Float> ranges(Graph graph, List<GraphPiece> pieces) {
    Map<String, Float> ends = new HashMap<>();
    run(
        graph,
        pieces,
        PieceWriter::ranges,
        (piece, results) -> {
          for (int i = 0; i < piece.watched().size(); i++) {
            float[] rows = result(results, PieceWriter.RANGES).floats();
            ends.put(piece.watched().get(i) + " least", rows[2 * i]);
            ends.put(piece.watched().get(i) + " greatest", rows[2 * i + 1]);
          }
        });
    return ends;
  }

  private static Constant result(Map<String, Constant> results, String name) {
    return Objects.requireNonNull(results.get(name), name);
  }

  private interface Sink {
    void accept(GraphPiece piece, Map<String, Constant> results);
  }

  private static void run(
      Graph graph,
      List<GraphPiece> pieces,
      Function<GraphPiece, OnnxWriter.Detached> writer,
      Sink sink) {
    Map<String, Constant> alive = inputs(graph);
    for (GraphPiece piece : pieces) {
      OnnxWriter.Detached model = writer.apply(piece);
      try (HostSession session = HostSession.open(model.model(), model.weights(), "a piece")) {
        sink.accept(piece, piece.run(session, alive));
      }
    }
    Set<String> left = alive.keySet();
    assertThat(left).as("read by no later piece, so dropped").isEmpty();
  }

  private static Map<String, Constant> inputs(Graph graph) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, Constant> inputs = new HashMap<>();
    for (String name : graph.inputs()) {
      ValueType type = graph.type(name);
      float[] drawn = new float[(int) type.shape().elements()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] =
            type.element() == ElementType.FLOAT ? (float) random.nextGaussian() : random.nextInt(2);
      }
      inputs.put(
          name,
          type.element() == ElementType.FLOAT
              ? new Constant.Floats(type.shape(), drawn)
              : Constant.Integers.of(type.element(), type.shape(), drawn));
    }
    return inputs;
  }
}
