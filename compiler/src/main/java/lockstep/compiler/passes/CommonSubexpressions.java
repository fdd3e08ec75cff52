// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * What is computed twice is computed once: the same operator with the same attributes on the same
 * values, where constants are the same if their contents are, and sums and products are the same in
 * either order.
 *
 * <pre>
 * x -> Sigmoid -> a -> f;  x -> Sigmoid -> b -> g      becomes   x -> Sigmoid -> a -> f, g
 * </pre>
 *
 * Does not fire where the model prescribes different encodings for the two results, or where both
 * are outputs of the graph (which would be one tensor under two names).
 */
public final class CommonSubexpressions implements Pass {
  private record Expression(
      Op op, List<String> inputs, List<@Nullable Encoding> encodings, int outputs) {}

  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldConstants.class, AbsorbQuantisation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    mergeConstants(rewrite, graph);
    Map<Expression, Node> seen = new HashMap<>();
    rewrite.forEach(
        node -> {
          Node first = seen.putIfAbsent(expression(rewrite, node), node);
          if (first != null && mergeable(rewrite, first, node)) {
            for (int i = 0; i < node.outputs().size(); i++) {
              if (!node.outputs().get(i).isEmpty()) {
                rewrite.forward(node.outputs().get(i), first.outputs().get(i));
              }
            }
          }
        });
    return rewrite.finish();
  }

  /** Walks the nodes' operands, so that the constant that stays does not depend on a hash. */
  private static void mergeConstants(Rewrite rewrite, Graph graph) {
    Map<Constant, String> names = new HashMap<>();
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        Constant constant = rewrite.constant(input);
        if (constant == null || rewrite.isOutput(input)) {
          continue;
        }
        String first = names.putIfAbsent(constant, input);
        if (first != null && !first.equals(input) && !rewrite.consumers(input).isEmpty()) {
          rewrite.forward(input, first);
        }
      }
    }
  }

  private static Expression expression(Rewrite rewrite, Node node) {
    boolean commutes = node.op() instanceof Op.Add || node.op() instanceof Op.Mul;
    return new Expression(
        node.op(),
        commutes ? node.inputs().stream().sorted().toList() : node.inputs(),
        node.outputs().stream().<@Nullable Encoding>map(rewrite::quantisation).toList(),
        node.outputs().size());
  }

  /** A needed output of the one must have a name in the other. */
  private static boolean mergeable(Rewrite rewrite, Node first, Node node) {
    return IntStream.range(0, node.outputs().size())
        .allMatch(
            i -> {
              String kept = first.outputs().get(i);
              String gone = node.outputs().get(i);
              return kept.isEmpty() == gone.isEmpty()
                  && Objects.equals(rewrite.quantisation(kept), rewrite.quantisation(gone))
                  && !(rewrite.isOutput(kept) && rewrite.isOutput(gone));
            });
  }
}
