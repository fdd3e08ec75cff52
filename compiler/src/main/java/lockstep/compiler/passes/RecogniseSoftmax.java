// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * Softmax over the last dimension from its parts; the maximum that keeps the powers small need not
 * be there.
 *
 * <pre>
 * x -> - ReduceMax(x) -> Exp -> e -> e / ReduceSum(e) -> y      becomes   x -> Softmax -> y
 * </pre>
 *
 * Does not fire along other dimensions, where another node reads a part, or where the model
 * prescribes a part's encoding.
 */
public final class RecogniseSoftmax implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (Parts.isForeign(node, "Div")) {
            recognise(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void recognise(Rewrite rewrite, Node node) {
    Parts parts = new Parts(rewrite, node);
    Node exp = parts.foreign(node.input(), "Exp");
    Node sum = parts.foreign(node.inputs().get(1), "ReduceSum");
    if (exp == null || sum == null || !sum.input().equals(node.input())) {
      return;
    }
    Shape shape = rewrite.shape(node.output());
    int axis = parts.trailing(sum);
    if (axis != shape.rank() - 1) {
      return;
    }
    String x = exp.input();
    Parts shifted = new Parts(rewrite, node);
    Node sub = shifted.foreign(x, "Sub");
    if (sub != null) {
      Node max = shifted.foreign(sub.inputs().get(1), "ReduceMax");
      if (max != null && max.input().equals(sub.input()) && shifted.trailing(max) == axis) {
        parts.inside(sub);
        parts.inside(max);
        x = sub.input();
      }
    }
    if (parts.closed()) {
      TreeMap<String, Attribute> attributes = new TreeMap<>();
      attributes.put("axis", new Attribute.Int(axis));
      parts.become(new Op.Foreign("Softmax", "", attributes), List.of(x));
    }
  }
}
