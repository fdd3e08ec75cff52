// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.HashSet;
import java.util.Set;

/**
 * What holds of every graph between passes: each value is written once and before it is read, node
 * names are unique, and types are those that {@link TypeInference} gives.
 */
public final class GraphCheck {
  private GraphCheck() {}

  /**
   * @param after what made the graph, for the message
   * @throws IllegalStateException if the graph is not well formed
   */
  public static Graph require(Graph graph, String after) {
    Set<String> values = new HashSet<>(graph.constants().keySet());
    graph.inputs().forEach(i -> require(values.add(i), after, i + " is written twice"));
    Set<String> names = new HashSet<>();
    for (Node node : graph.nodes()) {
      require(names.add(node.name()), after, "two nodes are called " + node.name());
      for (String input : node.inputs()) {
        boolean known = values.contains(input) || input.isEmpty();
        require(known, after, node.name() + " reads " + input + " before it is written");
      }
      if (!(node.op() instanceof Op.Foreign)) {
        ValueType inferred =
            TypeInference.infer(
                node.op(),
                node.inputs().stream().map(graph::type).toList(),
                graph.constants().get(node.input()));
        require(
            inferred.equals(graph.type(node.output())),
            after,
            node.output() + " is " + graph.type(node.output()) + ", not " + inferred);
      }
      for (String output : node.outputs()) {
        require(output.isEmpty() || values.add(output), after, output + " is written twice");
      }
    }
    for (Graph.Result output : graph.outputs()) {
      require(values.contains(output.value()), after, "nothing writes " + output.value());
    }
    return graph;
  }

  private static void require(boolean condition, String after, String complaint) {
    if (!condition) {
      throw new IllegalStateException("after " + after + ": " + complaint);
    }
  }
}
