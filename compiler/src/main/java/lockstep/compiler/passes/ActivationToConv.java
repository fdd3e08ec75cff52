// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;

/**
 * An activation that no convolution could take in is that of a copy.
 *
 * <pre>
 * x -> Activate(a) -> y      becomes   x -> Conv(depthwise 1x1, ones; activation a) -> y
 * </pre>
 */
public final class ActivationToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FuseActivation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    return Copy.each(
        graph,
        (rewrite, node) -> {
          if (node.op() instanceof Op.Activate activate) {
            Copy.replace(
                rewrite, node, node.input(), Window.POINT, null, null, activate.activation());
          }
        });
  }
}
