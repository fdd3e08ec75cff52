// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.Set;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * What a neutral operand leaves as it is becomes a copy, and goes; likewise operators that widen,
 * repeat or convert a value to what it is already.
 *
 * <pre>
 * x, 1 -> Mul -> y          becomes   x -> y
 * x, 0 -> Add -> y          becomes   x -> y
 * x -> Expand, Tile or Cast to x's own type -> y      becomes   x -> y
 * </pre>
 *
 * Where y's encoding is prescribed a copy stays, which requantises. Does not fire where the operand
 * broadcasts x to another shape.
 */
public final class NeutralOperands implements Pass {
  private static final Set<String> KEEPING = Set.of("Expand", "Tile", "Cast");
  private static final RemoveCopies REMOVE_COPIES = new RemoveCopies();

  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(ConstantChains.class, PowerToProduct.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          int which = kept(rewrite, node);
          if (which >= 0) {
            String x = node.inputs().get(which);
            rewrite.add(node.with(new Op.Identity()).withInputs(List.of(x)));
          }
        });
    return REMOVE_COPIES.apply(rewrite.finish());
  }

  /** The input that the output equals, or -1. */
  private static int kept(Rewrite rewrite, Node node) {
    if (node.op() instanceof Op.Foreign op) {
      boolean same =
          op.domain().isEmpty()
              && KEEPING.contains(op.type())
              && rewrite.type(node.input()).equals(rewrite.type(node.output()));
      return same ? 0 : -1;
    }
    int constant = ConstantChains.constantOperand(rewrite, node);
    if (constant < 0) {
      return -1;
    }
    double neutral = node.op() instanceof Op.Mul ? 1 : 0;
    double number = new Parts(rewrite, node).scalar(node.inputs().get(constant));
    return number == neutral ? 1 - constant : -1;
  }
}
