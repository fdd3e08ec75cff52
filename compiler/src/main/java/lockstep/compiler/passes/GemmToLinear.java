// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * Gemm with a constant right operand.
 *
 * <pre>
 * A, B, C -> Gemm(alpha, beta, transA, transB) -> y     becomes
 * A -> [Transpose] -> Linear(alpha B', beta C) -> y
 * </pre>
 *
 * Does not fire where C is not a constant row, or alpha scales codes that a model prescribes.
 */
public final class GemmToLinear implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Gemm gemm) {
            rewrite(rewrite, node, gemm);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node, Op.Gemm gemm) {
    Constant b = rewrite.constant(node.inputs().get(1));
    if (b == null || (gemm.alpha() != 1 && b instanceof Constant.Codes)) {
      return;
    }
    int outputs = rewrite.shape(node.output()).dim(1);
    Constant weights = gemm.transB() ? Weights.transposed(b) : b;
    List<String> inputs = new ArrayList<>();
    float[] bias = null;
    if (node.inputs().size() > 2 && gemm.beta() != 0) {
      Constant c = rewrite.constant(node.inputs().get(2));
      if (c == null
          || (c.shape().elements() != 1 && c.shape().elements() != outputs)
          || (c.shape().rank() > 0 && c.shape().dim(-1) != c.shape().elements())) {
        return;
      }
      float[] values = c.floats();
      bias = new float[outputs];
      for (int i = 0; i < outputs; i++) {
        bias[i] = gemm.beta() * values[values.length == 1 ? 0 : i];
      }
    }
    String left = node.input();
    if (gemm.transA()) {
      left =
          rewrite.add(new Op.Transpose(List.of(1, 0)), List.of(left), left + "/transposed", node);
    }
    inputs.add(left);
    if (gemm.alpha() != 1) {
      weights = Weights.scaled(weights, gemm.alpha());
    }
    inputs.add(rewrite.addConstant(node.output() + "/weights", weights));
    if (bias != null) {
      inputs.add(
          rewrite.addConstant(
              node.output() + "/bias", new Constant.Floats(Shape.of(outputs), bias)));
    }
    rewrite.add(node.with(new Op.Linear()).withInputs(inputs));
  }
}
