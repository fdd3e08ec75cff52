// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * A sign is a factor, which others can take in.
 *
 * <pre>
 * x -> Neg -> y      becomes   x, -1 -> Mul -> y
 * </pre>
 *
 * Two in a row become 1 in {@link ConstantChains} and nothing in {@link NeutralOperands}. Does not
 * fire on integers.
 */
public final class NegationToMul implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (Parts.isForeign(node, "Neg")
              && rewrite.type(node.output()).element() == ElementType.FLOAT) {
            String sign =
                rewrite.addConstant(node.output() + "/sign", new Constant.Splat(Shape.SCALAR, -1));
            rewrite.add(node.with(new Op.Mul()).withInputs(List.of(node.input(), sign)));
          }
        });
    return rewrite.finish();
  }
}
