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
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.quant.Calibration;

/** Values of a float graph in ONNX Runtime, a bounded number of them in memory at a time. */
final class FloatReference implements AutoCloseable {
  private static final long ELEMENTS_AT_A_TIME = 1 << 23;

  private final Graph graph;
  private final List<List<String>> chunks = new ArrayList<>();
  private final List<HostSession> sessions = new ArrayList<>();

  FloatReference(Graph graph, List<String> values) {
    this.graph = graph;
    long elements = ELEMENTS_AT_A_TIME;
    for (String value : values) {
      if (elements >= ELEMENTS_AT_A_TIME) {
        chunks.add(new ArrayList<>());
        elements = 0;
      }
      chunks.getLast().add(value);
      elements += graph.type(value).shape().elements();
    }
    for (List<String> chunk : chunks) {
      OnnxWriter.Detached model = OnnxWriter.writeValues(graph, chunk);
      sessions.add(HostSession.open(model.model(), model.weights(), "the float model"));
    }
  }

  /** Gives each value with its numbers. */
  void run(Map<String, float[]> input, BiConsumer<String, float[]> each) {
    Map<String, Constant> feeds = Calibration.feeds(graph, input);
    for (int i = 0; i < chunks.size(); i++) {
      Map<String, Constant> results = sessions.get(i).runTyped(feeds);
      for (int j = 0; j < chunks.get(i).size(); j++) {
        Constant value = Objects.requireNonNull(results.get("value:" + j));
        each.accept(chunks.get(i).get(j), value.floats());
      }
    }
  }

  @Override
  public void close() {
    sessions.forEach(HostSession::close);
  }
}
