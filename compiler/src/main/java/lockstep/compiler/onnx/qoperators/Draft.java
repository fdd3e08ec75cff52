// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import org.jspecify.annotations.Nullable;

/** A graph of ONNX nodes while it is rewritten from front to back. */
final class Draft {
  private final Graph before;
  private final Map<String, Constant> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> results = new HashSet<>();
  private final List<Node> nodes = new ArrayList<>();

  Draft(Graph before) {
    this.before = before;
    this.constants = new HashMap<>(before.constants());
    names.addAll(constants.keySet());
    names.addAll(before.inputs());
    for (Node node : before.nodes()) {
      names.add(node.name());
      names.addAll(node.outputs());
      node.inputs().forEach(i -> readers.computeIfAbsent(i, _ -> new ArrayList<>()).add(node));
    }
    before.outputs().forEach(o -> results.add(o.value()));
  }

  @Nullable Constant constant(String value) {
    return constants.get(value);
  }

  /** The node that writes a value, among those already added. */
  @Nullable Node producer(String value) {
    return producers.get(value);
  }

  /** The node that writes a value, if it is of that type. */
  @Nullable Node producer(String value, String type) {
    Node node = producers.get(value);
    return node != null && type(node).equals(type) ? node : null;
  }

  /** Nodes of the graph as it was that read a value. */
  List<Node> readers(String value) {
    return readers.getOrDefault(value, List.of());
  }

  boolean isResult(String value) {
    return results.contains(value);
  }

  /** The operator's name, its domain in front where it is not the default one. */
  static String type(Node node) {
    return switch (node.op()) {
      case Op.Foreign op -> op.domain().isEmpty() ? op.type() : op.domain() + "." + op.type();
      case Op _ -> "";
    };
  }

  static @Nullable String input(Node node, int index) {
    return index < node.inputs().size() && !node.inputs().get(index).isEmpty()
        ? node.inputs().get(index)
        : null;
  }

  String constant(String hint, Constant constant) {
    String name = fresh(hint);
    constants.put(name, constant);
    return name;
  }

  void keep(Node node) {
    nodes.add(node);
    node.outputs().forEach(o -> producers.put(o, node));
  }

  /** A node in place of (a part of) another; the name of its output. */
  String add(
      Node like,
      String type,
      SortedMap<String, Attribute> attributes,
      String output,
      List<String> inputs) {
    boolean own = like.outputs().contains(output);
    String name = own ? output : fresh(output);
    keep(
        new Node(
            own ? like.name() : name,
            new Op.Foreign(type, "", new TreeMap<>(attributes)),
            inputs,
            List.of(name),
            like.source()));
    return name;
  }

  private String fresh(String hint) {
    String name = hint;
    for (int i = 2; !names.add(name); i++) {
      name = hint + "." + i;
    }
    return name;
  }

  /** The graph, less the nodes that nobody reads. */
  Graph finish() {
    Set<String> live = new HashSet<>(results);
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(live::contains)) {
        kept.add(node);
        live.addAll(node.inputs());
      }
    }
    return new Graph(
        before.name(),
        before.opset(),
        before.inputs(),
        kept.reversed(),
        before.outputs(),
        before.types(),
        constants,
        before.quantisations());
  }
}
