// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lockstep.compiler.Signals;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.onnx.OnnxWriter;

/** What every pass must do: fire or not, once, and keep what the graph computes. */
final class PassAssert {
  private PassAssert() {}

  /** Returns the rewritten graph. */
  static Graph fires(Pass pass, Graph graph) {
    Graph once = GraphCheck.require(pass.apply(graph), pass.name());
    assertThat(once).as(pass.name() + " fires").isNotEqualTo(graph);
    assertThat(pass.apply(once)).as(pass.name() + " is idempotent").isEqualTo(once);
    Map<String, Constant> inputs = inputs(graph);
    Map<String, Constant> before = run(graph, inputs);
    Map<String, Constant> after = run(once, inputs);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach(
        (name, values) -> {
          assertThat(after.get(name).shape()).isEqualTo(values.shape());
          assertThat(Signals.largestDifference(after.get(name).floats(), values.floats()))
              .as(name + " after " + pass.name())
              .isLessThan(1e-5);
        });
    return once;
  }

  static void doesNotFire(Pass pass, Graph graph) {
    assertThat(pass.apply(graph)).isEqualTo(graph);
  }

  static List<Op> ops(Graph graph) {
    return graph.nodes().stream().map(Node::op).toList();
  }

  /** The ONNX name of the only node's operator. */
  static String onlyForeign(Graph graph) {
    assertThat(graph.nodes()).hasSize(1);
    return ((Op.Foreign) graph.nodes().getFirst().op()).type();
  }

  static Op.Conv onlyConv(Graph graph) {
    assertThat(graph.nodes()).hasSize(1);
    return (Op.Conv) graph.nodes().getFirst().op();
  }

  private static Map<String, Constant> run(Graph graph, Map<String, Constant> inputs) {
    try (HostSession session = HostSession.open(OnnxWriter.write(graph), "the graph")) {
      return session.run(inputs);
    }
  }

  private static Map<String, Constant> inputs(Graph graph) {
    Random random = new Random(3);
    Map<String, Constant> inputs = new HashMap<>();
    for (String name : graph.inputs()) {
      float[] values = new float[(int) graph.type(name).shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.put(name, new Constant.Floats(graph.type(name).shape(), values));
    }
    return inputs;
  }
}
