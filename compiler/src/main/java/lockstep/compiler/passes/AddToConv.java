// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;

/**
 * An addition that no convolution could take in adds to a copy.
 *
 * <pre>
 * x, r -> Add -> y      becomes   x, r -> Conv(depthwise 1x1, ones; residual r) -> y
 * </pre>
 *
 * Does not fire on broadcasts and constants.
 */
public final class AddToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FuseResidual.class, SplitAdd.class);
  }

  @Override
  public Graph apply(Graph graph) {
    return Copy.each(
        graph,
        (rewrite, node) -> {
          if (!(node.op() instanceof Op.Add) || node.inputs().size() != 2) {
            return;
          }
          String x = node.inputs().get(0);
          String residual = node.inputs().get(1);
          Shape shape = rewrite.shape(node.output());
          if (rewrite.shape(x).equals(shape)
              && rewrite.shape(residual).equals(shape)
              && rewrite.constant(x) == null
              && rewrite.constant(residual) == null) {
            Copy.replace(rewrite, node, x, Window.POINT, null, residual, Activation.NONE);
          }
        });
  }
}
