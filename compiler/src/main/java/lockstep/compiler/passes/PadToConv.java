// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;

/**
 * Padding with zeros around images pads a copy.
 *
 * <pre>
 * x -> Pad(0) -> y      becomes   x -> Conv(depthwise 1x1 padded, ones) -> y
 * </pre>
 *
 * Does not fire on other values, other dimensions, or cropping.
 */
public final class PadToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldPad.class);
  }

  @Override
  public Graph apply(Graph graph) {
    return Copy.each(
        graph,
        (rewrite, node) -> {
          if (node.op() instanceof Op.Pad pad && FoldPad.zerosAroundImage(pad)) {
            Copy.replace(
                rewrite, node, node.input(), FoldPad.padded(pad), null, null, Activation.NONE);
          }
        });
  }
}
