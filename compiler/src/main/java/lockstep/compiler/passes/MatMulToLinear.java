// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * MatMul with a constant matrix, and the addition of a constant row after it.
 *
 * <pre>
 * x, W -> MatMul -> y, b -> Add -> z        becomes   x -> Linear(W, b) -> z
 * </pre>
 *
 * Does not fire on a product of two activations or a stack of matrices; the addition stays where
 * the product has other uses or a prescribed encoding.
 */
public final class MatMulToLinear implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          switch (node.op()) {
            case Op.MatMul _ -> product(rewrite, node);
            case Op.Add _ -> bias(rewrite, node);
            case Op _ -> {}
          }
        });
    return rewrite.finish();
  }

  private static void product(Rewrite rewrite, Node node) {
    Constant weights = rewrite.constant(node.inputs().get(1));
    if (weights != null && weights.shape().rank() == 2 && rewrite.constant(node.input()) == null) {
      rewrite.add(node.with(new Op.Linear()));
    }
  }

  private static void bias(Rewrite rewrite, Node add) {
    for (int i = 0; i < 2 && add.inputs().size() == 2; i++) {
      Node linear = rewrite.producer(add.inputs().get(i));
      Constant bias = rewrite.constant(add.inputs().get(1 - i));
      if (linear == null
          || bias == null
          || !(linear.op() instanceof Op.Linear)
          || linear.inputs().size() > 2
          || rewrite.onlyConsumer(linear.output()) == null
          || rewrite.quantisation(linear.output()) != null) {
        continue;
      }
      int width = rewrite.shape(linear.output()).dim(-1);
      if (bias.shape().elements() == width
          && bias.shape().dim(-1) == width
          && bias.shape().rank() <= rewrite.shape(linear.output()).rank()) {
        String row = rewrite.addConstant(add.output() + "/bias", bias.reshaped(Shape.of(width)));
        rewrite.add(
            new Node(
                linear.name(),
                new Op.Linear(),
                List.of(linear.input(), linear.inputs().get(1), row),
                add.outputs(),
                Sources.of(linear, add)));
        return;
      }
    }
  }
}
