// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Rewrite;

/**
 * Moves transpositions and reshapes towards the outputs until they meet others and cancel, so that
 * what the machine computes lies as its convolutions want it: features as channels, tokens as
 * pixels.
 *
 * <pre>
 * conv -> Transpose -> a;  conv -> Transpose -> b;  a, b -> Add -> Transpose -> conv      becomes
 * conv, conv -> Add -> conv
 * </pre>
 *
 * Each rule is a file: {@link TransposeBehindElementwise}, {@link TransposeBehindAxes}, {@link
 * TransposeBehindReduction}, {@link ReshapeBehindElementwise}, {@link ReshapeBeforeTranspose};
 * {@link SimplifyMoves} merges and {@link CommonSubexpressions} joins what becomes equal. Ends when
 * a round changes nothing.
 */
public final class SinkMoves implements Pass {
  private static final SimplifyMoves SIMPLIFY = new SimplifyMoves();
  private static final CommonSubexpressions COMMON = new CommonSubexpressions();

  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(LinearToConv.class, MatMulToProduct.class, RecogniseGelu.class);
  }

  @Override
  public Graph apply(Graph graph) {
    List<MoveRule> rules =
        List.of(
            new ReshapeBeforeTranspose(),
            new TransposeBehindElementwise(),
            new TransposeBehindAxes(graph.opset()),
            new TransposeBehindReduction(),
            new ReshapeBehindElementwise());
    Graph before;
    Graph after = graph;
    do {
      before = after;
      for (MoveRule rule : rules) {
        Rewrite rewrite = new Rewrite(after);
        rewrite.forEach(node -> rule.visit(rewrite, node));
        after = SIMPLIFY.apply(rewrite.finish());
      }
      after = after.equals(before) ? after : COMMON.apply(after);
    } while (!after.equals(before));
    return after;
  }
}
