// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * Division by a constant is multiplication by its inverse; of a constant, by a reciprocal.
 *
 * <pre>
 * x, c -> Div -> y      becomes   x, 1/c -> Mul -> y
 * c, x -> Div -> y      becomes   x -> Reciprocal -> r;  c, r -> Mul -> y
 * 1, x -> Div -> y      becomes   x -> Reciprocal -> y    ({@link NeutralOperands} removes the 1)
 * </pre>
 *
 * Does not fire on integers, on divisors with a zero among them, or on two values that are not
 * constant.
 */
public final class DivisionToMultiplication implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(RecogniseNormalisation.class, RecogniseSoftmax.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (Parts.isForeign(node, "Div")
              && rewrite.type(node.output()).element() == ElementType.FLOAT) {
            rewrite(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node) {
    String x = node.input();
    String by = node.inputs().get(1);
    Constant divisor = rewrite.constant(by);
    if (divisor != null) {
      float[] inverse = divisor.floats().clone();
      for (int i = 0; i < inverse.length; i++) {
        if (inverse[i] == 0) {
          return;
        }
        inverse[i] = 1 / inverse[i];
      }
      String name =
          rewrite.addConstant(
              node.output() + "/inverse", new Constant.Floats(divisor.shape(), inverse));
      rewrite.add(node.with(new Op.Mul()).withInputs(List.of(x, name)));
    } else if (rewrite.constant(x) != null) {
      String reciprocal = rewrite.freshValue(node.output() + "/reciprocal");
      rewrite.add(
          new Node(
              reciprocal,
              new Op.Foreign("Reciprocal", "", new TreeMap<>()),
              List.of(by),
              List.of(reciprocal),
              node.source()),
          rewrite.type(by));
      rewrite.add(node.with(new Op.Mul()).withInputs(List.of(x, reciprocal)));
    }
  }
}
