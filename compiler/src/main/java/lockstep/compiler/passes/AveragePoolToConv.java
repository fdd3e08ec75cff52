// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;

/**
 * Averaging is a depthwise convolution with equal weights.
 *
 * <pre>
 * x -> AveragePool(h x w) -> y      becomes   x -> Conv(depthwise, 1 / hw everywhere) -> y
 * </pre>
 */
public final class AveragePoolToConv implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.AveragePool pool) {
            Window w = pool.window();
            Shape x = rewrite.shape(node.input());
            Shape kernel =
                x.rank() == 4
                    ? Shape.of(x.dim(1), 1, w.kernelH(), w.kernelW())
                    : Shape.of(x.dim(1), 1, w.kernelW());
            float weight = 1f / (w.kernelH() * w.kernelW());
            String weights =
                rewrite.addConstant(node.output() + "/weights", new Constant.Splat(kernel, weight));
            rewrite.add(
                node.with(new Op.Conv(w, x.dim(1))).withInputs(List.of(node.input(), weights)));
          }
        });
    return rewrite.finish();
  }
}
