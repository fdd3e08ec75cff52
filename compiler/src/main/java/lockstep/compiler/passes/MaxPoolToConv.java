// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;

/**
 * Max-pooling that no convolution could take in pools a copy.
 *
 * <pre>
 * x -> MaxPool(p) -> y      becomes   x -> Conv(depthwise 1x1, ones; pool p) -> y
 * </pre>
 */
public final class MaxPoolToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FusePool.class);
  }

  @Override
  public Graph apply(Graph graph) {
    return Copy.each(
        graph,
        (rewrite, node) -> {
          if (node.op() instanceof Op.MaxPool pool) {
            Copy.replace(
                rewrite, node, node.input(), Window.POINT, pool.window(), null, Activation.NONE);
          }
        });
  }
}
