// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * Powers with simple exponents are cheaper operators.
 *
 * <pre>
 * x, 2 -> Pow      becomes   x, x -> Mul            x, 1/2  -> Pow   becomes   x -> Sqrt
 * x, 3 -> Pow      becomes   x, x -> Mul, x -> Mul  x, -1/2 -> Pow   becomes   x -> Sqrt -> Reciprocal
 * x, 1 -> Pow      becomes   x -> Identity          x, -1   -> Pow   becomes   x -> Reciprocal
 * </pre>
 *
 * Does not fire on integers, on other exponents, or on one that varies or widens the value.
 */
public final class PowerToProduct implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(RecogniseNormalisation.class, RecogniseGelu.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (Parts.isForeign(node, "Pow")
              && rewrite.type(node.output()).element() == ElementType.FLOAT) {
            double exponent =
                new Parts(rewrite, node).narrowScalar(node.inputs().get(1), node.input());
            rewrite(rewrite, node, exponent);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node, double exponent) {
    String x = node.input();
    if (exponent == 1) {
      rewrite.add(node.with(new Op.Identity()).withInputs(List.of(x)));
    } else if (exponent == 2) {
      rewrite.add(node.with(new Op.Mul()).withInputs(List.of(x, x)));
    } else if (exponent == 3) {
      String square = rewrite.add(new Op.Mul(), List.of(x, x), node.output() + "/square", node);
      rewrite.add(node.with(new Op.Mul()).withInputs(List.of(x, square)));
    } else if (exponent == 0.5) {
      unary(rewrite, node, "Sqrt", x);
    } else if (exponent == -1) {
      unary(rewrite, node, "Reciprocal", x);
    } else if (exponent == -0.5) {
      String root = rewrite.freshValue(node.output() + "/root");
      unary(
          rewrite,
          new Node(root, node.op(), node.inputs(), List.of(root), node.source()),
          "Sqrt",
          x);
      unary(rewrite, node, "Reciprocal", root);
    }
  }

  private static void unary(Rewrite rewrite, Node node, String type, String x) {
    Op op = new Op.Foreign(type, "", new TreeMap<>());
    rewrite.add(node.with(op).withInputs(List.of(x)), rewrite.type(x));
  }
}
