// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * A difference is a sum with a factor of -1, which the weights before it can take in.
 *
 * <pre>
 * a, b -> Sub -> y              becomes   b, -1 -> Mul -> n;  a, n -> Add -> y
 * a, constant -> Sub -> y       becomes   a, -constant -> Add -> y
 * </pre>
 *
 * Does not fire on integers.
 */
public final class SubtractionToAddition implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(RecogniseNormalisation.class, RecogniseSoftmax.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (Parts.isForeign(node, "Sub")
              && rewrite.type(node.output()).element() == ElementType.FLOAT) {
            String negative = negative(rewrite, node, node.inputs().get(1));
            rewrite.add(node.with(new Op.Add()).withInputs(List.of(node.input(), negative)));
          }
        });
    return rewrite.finish();
  }

  private static String negative(Rewrite rewrite, Node node, String value) {
    Constant constant = rewrite.constant(value);
    if (constant != null) {
      return rewrite.addConstant(node.output() + "/negative", Weights.scaled(constant, -1));
    }
    String sign =
        rewrite.addConstant(node.output() + "/sign", new Constant.Splat(Shape.SCALAR, -1));
    return rewrite.add(new Op.Mul(), List.of(value, sign), node.output() + "/negative", node);
  }
}
