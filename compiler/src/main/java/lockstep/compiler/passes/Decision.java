// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;

/**
 * One thing that a pass did to a graph: these operators became those.
 *
 * @param pass name of the pass
 * @param node what it is about: the first node that is new, or that is gone where none is
 * @param what operators before and after, equal ones counted, as "Conv + 2 Add -> Conv"
 * @param bytesSaved bytes that the nodes before read and wrote less those of the nodes after, each
 *     value once per use: int8 activations and weights, other numbers at their size, reshapes free;
 *     negative where the pass pays for what later passes gain
 * @param bytesRefused bytes that it would have saved where it was refused; {@code what} says why
 */
public record Decision(String pass, String node, String what, long bytesSaved, long bytesRefused) {

  /** One that was not refused. */
  public Decision(String pass, String node, String what, long bytesSaved) {
    this(pass, node, what, bytesSaved, 0);
  }

  /** What a pass decided, by the nodes that are gone and those that are new. */
  static List<Decision> between(String pass, Graph before, Graph after) {
    Set<Node> kept = new HashSet<>(before.nodes());
    kept.retainAll(new HashSet<>(after.nodes()));
    List<Node> gone = before.nodes().stream().filter(n -> !kept.contains(n)).toList();
    List<Node> made = after.nodes().stream().filter(n -> !kept.contains(n)).toList();
    Groups groups = new Groups();
    gone.forEach(groups::join);
    made.forEach(groups::join);
    Map<String, List<Node>> goneBy = groups.split(gone);
    Map<String, List<Node>> madeBy = groups.split(made);
    Set<String> keys = new LinkedHashSet<>(goneBy.keySet());
    keys.addAll(madeBy.keySet());
    List<Decision> decisions = new ArrayList<>();
    for (String key : keys) {
      List<Node> old = goneBy.getOrDefault(key, List.of());
      List<Node> fresh = madeBy.getOrDefault(key, List.of());
      long saved = bytes(before, old) - bytes(after, fresh);
      if (!ops(old).equals(ops(fresh)) || saved != 0) {
        String node = (fresh.isEmpty() ? old : fresh).getFirst().name();
        decisions.add(new Decision(pass, node, text(old) + " -> " + text(fresh), saved));
      }
    }
    return decisions;
  }

  private static List<Op> ops(List<Node> nodes) {
    return nodes.stream().map(Node::op).toList();
  }

  private static String text(List<Node> nodes) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    nodes.forEach(n -> counts.merge(name(n.op()), 1, Integer::sum));
    return nodes.isEmpty()
        ? "nothing"
        : counts.entrySet().stream()
            .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(" + "));
  }

  private static String name(Op op) {
    return op instanceof Op.Foreign foreign ? foreign.type() : op.getClass().getSimpleName();
  }

  /** Bytes that nodes read and write when nothing stays on the chip between them. */
  static long bytes(Graph graph, List<Node> nodes) {
    long bytes = 0;
    for (Node node : nodes) {
      if (!(node.op() instanceof Op.Reshape)) {
        for (String input : node.inputs()) {
          bytes += input.isEmpty() ? 0 : bytes(graph.type(input));
        }
        for (String output : node.outputs()) {
          bytes += output.isEmpty() ? 0 : bytes(graph.type(output));
        }
      }
    }
    return bytes;
  }

  private static long bytes(ValueType type) {
    int each = type.element() == ElementType.FLOAT ? 1 : type.element().bytes();
    return type.shape().elements() * each;
  }

  /** Nodes made from the same ONNX nodes belong together; one without any stands alone. */
  private static final class Groups {
    private final Map<String, String> parents = new HashMap<>();

    private static List<String> origins(Node node) {
      return node.source().isEmpty() ? List.of("node " + node.name()) : node.source();
    }

    void join(Node node) {
      List<String> origins = origins(node);
      for (String origin : origins) {
        String a = root(origin);
        String b = root(origins.getFirst());
        if (!a.equals(b)) {
          parents.put(a, b);
        }
      }
    }

    /** Halves the path that it walks. */
    private String root(String origin) {
      String at = origin;
      String up = parents.get(at);
      while (up != null) {
        String above = parents.get(up);
        if (above != null) {
          parents.put(at, above);
        }
        at = up;
        up = above;
      }
      return at;
    }

    Map<String, List<Node>> split(List<Node> nodes) {
      return nodes.stream()
          .collect(
              Collectors.groupingBy(
                  n -> root(origins(n).getFirst()), LinkedHashMap::new, Collectors.toList()));
    }
  }
}
