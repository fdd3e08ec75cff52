// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;

/** What a model's integer inputs may hold, so that inputs can be drawn for it. */
public final class IntegerInputs {
  private static final long FLAGS = 2;

  private IntegerInputs() {}

  /**
   * One more than the largest value that every operator reached from {@code value} through integers
   * takes as an index; 2 where none does, as for a mask.
   */
  public static long below(Graph graph, String value) {
    long below = Long.MAX_VALUE;
    Deque<String> pending = new ArrayDeque<>(Set.of(value));
    Set<String> seen = new HashSet<>();
    while (!pending.isEmpty()) {
      String next = pending.removeFirst();
      if (!seen.add(next)) {
        continue;
      }
      for (Node node : graph.nodes()) {
        int operand = node.inputs().indexOf(next);
        if (operand < 0) {
          continue;
        }
        if (operand == 1
            && node.op() instanceof Op.Foreign foreign
            && foreign.type().startsWith("Gather")) {
          int axis =
              foreign.attributes().get("axis") instanceof Attribute.Int(long given)
                  ? (int) given
                  : 0;
          below = Math.min(below, graph.type(node.input()).shape().dim(axis));
        }
        node.outputs().stream()
            .filter(o -> !o.isEmpty() && graph.type(o).element() != ElementType.FLOAT)
            .forEach(pending::add);
      }
    }
    return below == Long.MAX_VALUE ? FLAGS : below;
  }
}
