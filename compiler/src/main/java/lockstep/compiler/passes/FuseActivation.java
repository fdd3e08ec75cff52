// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A convolution takes in the activation after it; two clamps in a row are one.
 *
 * <pre>
 * x -> Conv -> y -> Activate(a) -> z      becomes   x -> Conv(activation a) -> z
 * </pre>
 *
 * Does not fire where y has other uses or a prescribed encoding.
 */
public final class FuseActivation implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldAffine.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.Activate activate)) {
            return;
          }
          Node before = rewrite.producer(node.input());
          if (before == null
              || !(before.op() instanceof Op.Conv conv)
              || rewrite.onlyConsumer(before.output()) == null
              || rewrite.quantisation(before.output()) != null) {
            return;
          }
          Activation both = composed(conv.activation(), activate.activation());
          if (both != null) {
            Op.Conv fused =
                new Op.Conv(conv.window(), conv.groups(), conv.pool(), conv.residual(), both);
            rewrite.add(
                before.with(fused).withOutput(node.output()).withSource(Sources.of(before, node)));
          }
        });
    return rewrite.finish();
  }

  private static @Nullable Activation composed(Activation first, Activation second) {
    if (first.equals(Activation.NONE)) {
      return second;
    }
    if (first instanceof Activation.Clamp a && second instanceof Activation.Clamp b) {
      double min = Math.min(Math.max(a.min(), b.min()), b.max());
      double max = Math.min(Math.max(a.max(), b.min()), b.max());
      return new Activation.Clamp(min, max);
    }
    return null;
  }
}
