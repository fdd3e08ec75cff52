// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.GraphPiece;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.PieceWriter;
import lockstep.compiler.quant.Calibration;

/** Values of a float graph in ONNX Runtime, a bounded number of them in memory at a time. */
final class FloatReference implements AutoCloseable {
  private static final long ELEMENTS_AT_A_TIME = 1 << 23;

  private final Graph graph;
  private final List<String> constants;
  private final List<GraphPiece> pieces;
  private final List<HostSession> sessions = new ArrayList<>();

  FloatReference(Graph graph, List<String> values) {
    this.graph = graph;
    constants = values.stream().filter(graph.constants()::containsKey).toList();
    List<String> watched = values.stream().filter(v -> !constants.contains(v)).toList();
    pieces = GraphPiece.of(graph, watched, GraphPiece.NODES, ELEMENTS_AT_A_TIME);
    for (GraphPiece piece : pieces) {
      OnnxWriter.Detached model = PieceWriter.values(piece);
      sessions.add(HostSession.open(model.model(), model.weights(), "the float model"));
    }
  }

  /** Gives each value with its numbers. */
  void run(Map<String, float[]> input, BiConsumer<String, float[]> each) {
    for (String name : constants) {
      each.accept(name, Objects.requireNonNull(graph.constants().get(name)).floats());
    }
    Map<String, Constant> alive = Calibration.feeds(graph, input);
    for (int i = 0; i < pieces.size(); i++) {
      GraphPiece piece = pieces.get(i);
      Map<String, Constant> results = piece.run(sessions.get(i), alive);
      for (int j = 0; j < piece.watched().size(); j++) {
        Constant value = Objects.requireNonNull(results.get(PieceWriter.value(j)));
        each.accept(piece.watched().get(j), value.floats());
      }
    }
  }

  @Override
  public void close() {
    sessions.forEach(HostSession::close);
  }
}
