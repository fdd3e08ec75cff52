// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * A convolution takes in the max-pooling after it; its activation is monotone, so pooling may come
 * first.
 *
 * <pre>
 * x -> Conv(activation a) -> y -> MaxPool(p) -> z      becomes   x -> Conv(pool p, activation a) -> z
 * </pre>
 *
 * Does not fire where y has other uses, a residual or a pooling already, or an encoding other than
 * z's.
 */
public final class FusePool implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FuseActivation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.MaxPool pool)) {
            return;
          }
          Node before = rewrite.producer(node.input());
          if (before == null
              || !(before.op() instanceof Op.Conv conv)
              || conv.pool() != null
              || conv.residual()
              || rewrite.onlyConsumer(before.output()) == null) {
            return;
          }
          Encoding between = rewrite.quantisation(before.output());
          Encoding after = rewrite.quantisation(node.output());
          if (between != null && after != null && !between.equals(after)) {
            return;
          }
          Op.Conv fused =
              new Op.Conv(conv.window(), conv.groups(), pool.window(), false, conv.activation());
          rewrite.add(
              before.with(fused).withOutput(node.output()).withSource(Sources.of(before, node)));
          if (between != null) {
            rewrite.quantise(node.output(), between);
          }
        });
    return rewrite.finish();
  }
}
