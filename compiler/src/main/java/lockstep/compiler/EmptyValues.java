// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.HashSet;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;

/** Machines have no tensors without elements; constants may be without, since they are folded. */
final class EmptyValues {
  private EmptyValues() {}

  /**
   * @throws UserError if a value that depends on the graph's inputs has no elements
   */
  static Graph refuse(Graph graph) {
    Set<String> varying = new HashSet<>();
    graph.inputs().forEach(input -> add(graph, input, varying));
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(varying::contains)) {
        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> add(graph, o, varying));
      }
    }
    return graph;
  }

  private static void add(Graph graph, String value, Set<String> varying) {
    varying.add(value);
    if (graph.type(value).shape().elements() == 0) {
      throw new UserError(
          "value '" + value + "' is " + graph.type(value) + ", without elements; change its sizes");
    }
  }
}
