// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.HashMap;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.onnx.ConstantEvaluation;

/**
 * Evaluates what does not depend on the inputs.
 *
 * <pre>
 * [64x3x7x7] -> ConstantOfShape(0.1) -> w        becomes   w = 0.1 everywhere
 * </pre>
 *
 * Dequantised constants stay: {@link AbsorbQuantisation} keeps their codes.
 */
public final class FoldConstants implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          Map<String, Constant> inputs = new HashMap<>();
          for (String input : node.inputs()) {
            Constant constant = rewrite.constant(input);
            if (constant != null) {
              inputs.put(input, constant);
            } else if (!input.isEmpty()) {
              return;
            }
          }
          if (!(node.op() instanceof Op.Dequantise)) {
            ConstantEvaluation.evaluate(node, inputs, Math.max(7, graph.opset()))
                .forEach(rewrite::becomeConstant);
          }
        });
    return rewrite.finish();
  }
}
