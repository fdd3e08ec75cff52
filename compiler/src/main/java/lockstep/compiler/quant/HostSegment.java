// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxWriter;

/**
 * All host nodes between the machine's values and one value, as a model of its own. Where two
 * values need the same host nodes, each has its own copy: a host layer has one output.
 *
 * @param nodes in execution order
 * @param inputs the machine's values it reads
 */
record HostSegment(List<Node> nodes, List<String> inputs, List<long[]> shapes, byte[] model) {

  /**
   * @param places of the graph's nodes in it, by their names
   */
  static HostSegment of(
      Graph graph,
      Map<String, Node> producers,
      Map<String, Integer> places,
      Set<String> hostValues,
      String output) {
    Set<Node> members = new HashSet<>();
    Set<String> inputs = new LinkedHashSet<>();
    List<String> pending = new ArrayList<>(List.of(output));
    while (!pending.isEmpty()) {
      String value = pending.removeLast();
      Node producer = producers.get(value);
      if (producer != null && hostValues.contains(value)) {
        if (members.add(producer)) {
          pending.addAll(producer.inputs().reversed());
        }
      } else if (!value.isEmpty() && !graph.constants().containsKey(value)) {
        inputs.add(value);
      }
    }
    List<Node> nodes =
        members.stream()
            .sorted(Comparator.comparing(n -> Objects.requireNonNull(places.get(n.name()))))
            .toList();
    Map<String, Constant> constants = new HashMap<>();
    Map<String, ValueType> types = new HashMap<>();
    inputs.forEach(i -> types.put(i, graph.type(i)));
    for (Node node : nodes) {
      node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> types.put(o, graph.type(o)));
      for (String input : node.inputs()) {
        Constant constant = graph.constants().get(input);
        if (constant != null) {
          constants.put(input, constant);
        }
      }
    }
    Graph part =
        new Graph(
            output,
            graph.opset(),
            List.copyOf(inputs),
            nodes,
            List.of(new Graph.Result(output, output)),
            types,
            constants,
            Map.of());
    return new HostSegment(
        nodes,
        part.inputs(),
        part.inputs().stream().map(i -> graph.type(i).shape().toLongs()).toList(),
        OnnxWriter.write(part));
  }
}
