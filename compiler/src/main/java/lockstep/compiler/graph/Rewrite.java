// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A graph being changed by one pass. Types of new values are inferred as their nodes are added;
 * {@link #finish} sorts the nodes topologically (keeping their order where it can) and drops what
 * no output needs.
 */
public final class Rewrite {
  private final Graph before;
  private final Map<String, Node> producers = new LinkedHashMap<>();
  private final Map<String, Set<String>> consumers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, ValueType> types;
  private final Map<String, Constant> constants;
  private final Map<String, Encoding> quantisations;
  private List<Graph.Result> outputs;
  private boolean changed;

  public Rewrite(Graph graph) {
    before = graph;
    types = new HashMap<>(graph.types());
    constants = new HashMap<>(graph.constants());
    quantisations = new HashMap<>(graph.quantisations());
    outputs = graph.outputs();
    graph.nodes().forEach(this::link);
  }

  /** The nodes as they are now, in a new list. */
  public List<Node> nodes() {
    return producers.values().stream().distinct().toList();
  }

  /** Visits each node there is now, in its form at that time, unless it is gone by then. */
  public void forEach(Consumer<Node> visitor) {
    for (String output : nodes().stream().map(Node::output).toList()) {
      Node current = producers.get(output);
      if (current != null) {
        visitor.accept(current);
      }
    }
  }

  public @Nullable Node producer(String value) {
    return producers.get(value);
  }

  public List<Node> consumers(String value) {
    return consumers.getOrDefault(value, Set.of()).stream().map(producers::get).toList();
  }

  /** The single consumer of a value that nothing else, no output included, uses. */
  public @Nullable Node onlyConsumer(String value) {
    List<Node> all = consumers(value);
    return all.size() == 1
            && !isOutput(value)
            && all.getFirst().inputs().indexOf(value) == all.getFirst().inputs().lastIndexOf(value)
        ? all.getFirst()
        : null;
  }

  public boolean isOutput(String value) {
    return outputs.stream().anyMatch(o -> o.value().equals(value));
  }

  public boolean isInput(String value) {
    return before.inputs().contains(value);
  }

  public @Nullable Constant constant(String value) {
    return constants.get(value);
  }

  /** A value known to be constant. */
  public Constant requireConstant(String value) {
    return Objects.requireNonNull(constants.get(value));
  }

  public Shape shape(String value) {
    return type(value).shape();
  }

  public ValueType type(String value) {
    Constant constant = constants.get(value);
    ValueType type = constant != null ? constant.type() : types.get(value);
    if (type == null) {
      throw new IllegalArgumentException("no value '" + value + "'");
    }
    return type;
  }

  public @Nullable Encoding quantisation(String value) {
    return quantisations.get(value);
  }

  /** Whether nothing prescribes for {@code to} an encoding other than that of {@code from}. */
  public boolean sameEncoding(String from, String to) {
    Encoding prescribed = quantisations.get(to);
    return prescribed == null || prescribed.equals(quantisations.get(from));
  }

  /** {@code to} has the encoding that {@code from} has, if any. */
  public void likewise(String from, String to) {
    Encoding known = quantisations.get(from);
    if (known != null) {
      quantise(to, known);
    }
  }

  public void quantise(String value, Encoding quantisation) {
    quantisations.put(value, quantisation);
    changed = true;
  }

  /** A name that no value and no node has, made from {@code hint}. */
  public String freshValue(String hint) {
    String name = hint;
    for (int i = 2;
        types.containsKey(name) || constants.containsKey(name) || names.contains(name);
        i++) {
      name = hint + "." + i;
    }
    return name;
  }

  /** Adds a constant under a fresh name. */
  public String addConstant(String hint, Constant constant) {
    String name = freshValue(hint);
    constants.put(name, constant);
    changed = true;
    return name;
  }

  /** Turns the value into a constant; its producer goes. */
  public void becomeConstant(String value, Constant constant) {
    remove(value);
    constants.put(value, constant);
    changed = true;
  }

  /** Adds a node whose inputs exist, replacing any node with the same output. */
  public Node add(Node node) {
    Constant first = constants.get(node.input());
    ValueType type =
        TypeInference.infer(node.op(), node.inputs().stream().map(this::type).toList(), first);
    return add(node, type);
  }

  /** As {@link #add(Node)}, for operators whose type is not inferred; the node has one output. */
  public Node add(Node node, ValueType type) {
    remove(node.output());
    types.put(node.output(), type);
    link(node);
    changed = true;
    return node;
  }

  /** Adds a node made from {@code origin} with a fresh output; returns that output. */
  public String add(Op op, List<String> inputs, String hint, Node origin) {
    String output = freshValue(hint);
    add(new Node(output, op, inputs, List.of(output), origin.source()));
    return output;
  }

  /** Every use of {@code from}, as an output too, becomes one of {@code to}. */
  public void forward(String from, String to) {
    for (Node consumer : consumers(from)) {
      unlink(consumer);
      link(
          consumer.withInputs(
              consumer.inputs().stream().map(i -> i.equals(from) ? to : i).toList()));
    }
    outputs =
        outputs.stream()
            .map(o -> o.value().equals(from) ? new Graph.Result(o.name(), to) : o)
            .toList();
    changed = true;
  }

  /** Inputs of one node change; the type of its output must not. */
  public void rewire(Node node, Node to) {
    unlink(node);
    link(to);
    changed = true;
  }

  /** The graph, unchanged nodes and all. */
  public Graph finish() {
    return changed ? swept() : before;
  }

  /** The graph without what no output needs, even if nothing else has changed. */
  public Graph swept() {
    Set<String> live = new HashSet<>();
    List<String> pending = new ArrayList<>(outputs.stream().map(Graph.Result::value).toList());
    while (!pending.isEmpty()) {
      String value = pending.removeLast();
      Node producer = producers.get(value);
      if (live.add(value) && producer != null) {
        pending.addAll(producer.inputs());
      }
    }
    Set<Node> ordered = new LinkedHashSet<>();
    Set<String> visited = new HashSet<>();
    for (Node node : producers.values()) {
      if (node.outputs().stream().anyMatch(live::contains)) {
        visit(node, visited, ordered);
      }
    }
    Set<String> kept = new HashSet<>(live);
    ordered.forEach(n -> kept.addAll(n.outputs()));
    kept.addAll(before.inputs());
    types.keySet().retainAll(kept);
    types.keySet().removeAll(constants.keySet());
    constants.keySet().retainAll(live);
    quantisations.keySet().retainAll(kept);
    return new Graph(
        before.name(),
        before.opset(),
        before.inputs(),
        List.copyOf(ordered),
        outputs,
        types,
        constants,
        quantisations);
  }

  private void visit(Node root, Set<String> visited, Set<Node> ordered) {
    List<Node> stack = new ArrayList<>(List.of(root));
    while (!stack.isEmpty()) {
      Node top = stack.getLast();
      Node missing = null;
      if (visited.add(top.output())) {
        for (String input : top.inputs().reversed()) {
          Node producer = producers.get(input);
          if (producer != null && !visited.contains(producer.output())) {
            stack.add(producer);
            missing = producer;
          }
        }
      }
      if (missing == null) {
        stack.removeLast();
        ordered.add(top);
      }
    }
  }

  private void link(Node node) {
    names.add(node.name());
    node.outputs().forEach(o -> producers.put(o, node));
    node.inputs()
        .forEach(i -> consumers.computeIfAbsent(i, _ -> new LinkedHashSet<>()).add(node.output()));
  }

  private void unlink(Node node) {
    node.inputs().forEach(i -> consumers.getOrDefault(i, Set.of()).remove(node.output()));
  }

  private void remove(String value) {
    Node old = producers.get(value);
    if (old != null) {
      unlink(old);
      old.outputs().forEach(producers::remove);
    }
  }
}
