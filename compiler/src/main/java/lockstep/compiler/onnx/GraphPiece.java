// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
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
import lockstep.compiler.host.HostSession;

/**
 * Consecutive nodes of a graph, to be run as a model of their own.
 *
 * <pre>
 * nodes     | 0 ... 499 | 500 ... 999 | 1000 ...
 * values          a ----------> a                 given from piece to piece until the last reader
 * </pre>
 *
 * <p>What ONNX Runtime takes to open a model of n nodes grows faster than n log n (measured 1.29:
 * 0.17 ms for each of 2,500 nodes, 0.33 ms for each of 20,000), and so does what it keeps for the
 * values of a run; pieces of a graph take as long as they are many. A piece that nobody needs is
 * left out.
 *
 * @param graph the nodes; its inputs are what they read, its outputs what later pieces read
 * @param opset the operator set that the whole graph is written in
 * @param watched those of the watched values that come from here, in order
 * @param spent what no later piece reads
 */
public record GraphPiece(Graph graph, int opset, List<String> watched, Set<String> spent) {
  /** Nodes of a piece, fit for {@link #of}. */
  public static final int NODES = 500;

  /**
   * The pieces of a graph, in order; a small graph is one.
   *
   * @param watched inputs of the graph and outputs of its nodes
   * @param nodes of a piece, at most
   * @param elements that the watched values of a piece have in all, about
   */
  public static List<GraphPiece> of(Graph graph, List<String> watched, int nodes, long elements) {
    Set<String> wanted = new HashSet<>(watched);
    List<List<Node>> parts = parts(graph, wanted, nodes, elements);
    Map<String, Integer> lastRead = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      for (Node node : parts.get(i)) {
        for (String input : node.inputs()) {
          lastRead.put(input, i);
        }
      }
    }
    List<GraphPiece> pieces = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<String> beside =
          i == 0 ? graph.inputs().stream().filter(wanted::contains).toList() : List.of();
      pieces.add(new Draft(graph, parts.get(i), beside, wanted).piece(i, lastRead));
    }
    pieces.removeIf(p -> p.watched().isEmpty() && p.graph().outputs().isEmpty());
    return pieces;
  }

  private static List<List<Node>> parts(Graph graph, Set<String> wanted, int nodes, long elements) {
    List<List<Node>> parts = new ArrayList<>(List.of(new ArrayList<>()));
    long inPart = 0;
    for (Node node : graph.nodes()) {
      if (parts.getLast().size() >= nodes || inPart >= elements) {
        parts.add(new ArrayList<>());
        inPart = 0;
      }
      parts.getLast().add(node);
      for (String output : node.outputs()) {
        inPart += wanted.contains(output) ? graph.type(output).shape().elements() : 0;
      }
    }
    return parts;
  }

  /** A piece while what it reads and writes is collected. */
  private record Draft(
      Graph graph, List<Node> nodes, List<String> watchedInputs, Set<String> wanted) {
    GraphPiece piece(int index, Map<String, Integer> lastRead) {
      Set<String> inputs = new LinkedHashSet<>(watchedInputs);
      Set<String> written = new LinkedHashSet<>();
      Map<String, Constant> constants = new HashMap<>();
      Map<String, ValueType> types = new HashMap<>();
      for (Node node : nodes) {
        for (String input : node.inputs()) {
          Constant constant = graph.constants().get(input);
          if (constant != null) {
            constants.put(input, constant);
          } else if (!input.isEmpty() && !written.contains(input)) {
            inputs.add(input);
          }
        }
        written.addAll(node.outputs());
      }
      written.remove("");
      inputs.forEach(v -> types.put(v, graph.type(v)));
      written.stream().filter(graph.types()::containsKey).forEach(v -> types.put(v, graph.type(v)));
      List<Graph.Result> carried =
          written.stream()
              .filter(v -> lastRead.getOrDefault(v, index) > index)
              .map(v -> new Graph.Result(v, v))
              .toList();
      Set<String> spent = new HashSet<>(inputs);
      spent.removeIf(v -> lastRead.getOrDefault(v, index) > index);
      List<String> watched = new ArrayList<>(watchedInputs);
      written.stream().filter(wanted::contains).forEach(watched::add);
      return new GraphPiece(
          new Graph(
              graph.name(),
              graph.opset(),
              List.copyOf(inputs),
              nodes,
              carried,
              types,
              constants,
              Map.of()),
          OnnxWriter.opset(graph),
          watched,
          spent);
    }
  }

  /**
   * Runs the piece.
   *
   * @param session its model
   * @param alive the graph's inputs and what earlier pieces gave on, by name; gets what this one
   *     gives on and loses what is spent
   * @return all outputs of the model
   */
  public Map<String, Constant> run(HostSession session, Map<String, Constant> alive) {
    Map<String, Constant> feeds = new HashMap<>();
    graph.inputs().forEach(v -> feeds.put(v, Objects.requireNonNull(alive.get(v), v)));
    Map<String, Constant> results = session.run(feeds);
    graph
        .outputs()
        .forEach(o -> alive.put(o.value(), Objects.requireNonNull(results.get(o.name()))));
    alive.keySet().removeAll(spent);
    return results;
  }
}
