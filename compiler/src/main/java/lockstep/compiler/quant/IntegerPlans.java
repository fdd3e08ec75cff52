// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.quant.Capabilities.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Plans of what takes the integers of an input: rows of a constant table, and numbers of them.
 *
 * <p>Machines have codes only, so a table has at most {@link #MOST_ROWS} rows, and integers become
 * floats only where all beyond a code's range have the same code as its ends.
 */
final class IntegerPlans {
  /** Of a table: so many negative and so many other indices are the values of a byte. */
  static final int MOST_ROWS = 128;

  private final Graph graph;
  private final Encodings encodings;
  private final Map<String, Node> producers = new HashMap<>();

  IntegerPlans(Graph graph, Encodings encodings) {
    this.graph = graph;
    this.encodings = encodings;
    graph.nodes().forEach(n -> n.outputs().forEach(o -> producers.put(o, n)));
  }

  /** Why the host looks rows of a constant table up though the machine has lanes; else null. */
  static @Nullable String tooManyRows(Graph graph, Node node) {
    Constant table = table(graph, node);
    int rows = table == null ? 0 : table.shape().dim(axis(node, table));
    return rows > MOST_ROWS
        ? "its table has %d rows, of which the machine chooses if there are at most %d"
            .formatted(rows, MOST_ROWS)
        : null;
  }

  @Nullable LanePlan of(Node node, Capabilities capabilities) {
    if (!capabilities.has(Kind.LOOKUP) || !capabilities.has(Kind.ELEMENTWISE)) {
      return null;
    }
    Constant table = table(graph, node);
    if (table != null) {
      int axis = axis(node, table);
      String indices = node.inputs().get(1);
      boolean small = table.shape().dim(axis) <= MOST_ROWS && table.shape().elements() > 0;
      return small && element(indices) != null ? new LanePlan.Chosen(table, indices, axis) : null;
    }
    if (node.op() instanceof Op.Foreign cast
        && cast.domain().isEmpty()
        && cast.type().equals("Cast")
        && graph.type(node.output()).element() == ElementType.FLOAT) {
      ElementType element = element(node.input());
      return element != null && (element.bytes() == Byte.BYTES || saturates(node.output()))
          ? new LanePlan.Converted(node.input(), element)
          : null;
    }
    return null;
  }

  /** The constant table of which a node takes rows by their numbers; null for other nodes. */
  private static @Nullable Constant table(Graph graph, Node node) {
    return node.op() instanceof Op.Foreign gather
            && gather.domain().isEmpty()
            && gather.type().equals("Gather")
            && graph.type(node.input()).element() == ElementType.FLOAT
        ? graph.constants().get(node.input())
        : null;
  }

  private static int axis(Node node, Constant table) {
    long axis =
        node.op() instanceof Op.Foreign gather
                && gather.attributes().get("axis") instanceof Attribute.Int(long given)
            ? given
            : 0;
    return (int) Math.floorMod(axis, (long) table.shape().rank());
  }

  /** Whether no number beyond those of a byte has a code that those have not. */
  private boolean saturates(String value) {
    Encoding q = encodings.of(value);
    return q.quantise(Byte.MIN_VALUE) == q.least() && q.quantise(Byte.MAX_VALUE) == q.greatest();
  }

  /** The type of the input whose integers a value has, in the same order; null if it is none. */
  private @Nullable ElementType element(String value) {
    String at = value;
    while (!graph.inputs().contains(at)) {
      Node node = producers.get(at);
      if (node == null || !keeps(node)) {
        return null;
      }
      at = node.input();
    }
    return switch (graph.type(at).element()) {
      case FLOAT, UINT16 -> null;
      case UINT8, INT8, INT16, INT32, INT64, BOOL -> graph.type(at).element();
    };
  }

  /** Whether a node's result has its input's integers in the same order. */
  private boolean keeps(Node node) {
    ElementType from = graph.type(node.input()).element();
    ElementType to = graph.type(node.output()).element();
    return switch (node.op()) {
      case Op.Reshape _, Op.Identity _ -> true;
      case Op.Foreign cast ->
          cast.domain().isEmpty()
              && cast.type().equals("Cast")
              && from != ElementType.FLOAT
              && (from == to || wider(from, to));
      case Op _ -> false;
    };
  }

  private static boolean wider(ElementType from, ElementType to) {
    return (to == ElementType.INT16 || to == ElementType.INT32 || to == ElementType.INT64)
        && from.bytes() < to.bytes();
  }
}
