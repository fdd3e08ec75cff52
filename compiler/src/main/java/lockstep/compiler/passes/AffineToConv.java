// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;

/**
 * What no convolution could take in is a depthwise 1x1 convolution of its own.
 *
 * <pre>
 * x -> Affine(s, t) -> y      becomes   x -> Conv(depthwise 1x1, weights s, bias t) -> y
 * </pre>
 */
public final class AffineToConv implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldAffine.class);
  }

  @Override
  public Graph apply(Graph graph) {
    return Copy.each(
        graph,
        (rewrite, node) -> {
          if (node.op() instanceof Op.Affine) {
            rewrite(rewrite, node);
          }
        });
  }

  private static void rewrite(Rewrite rewrite, Node node) {
    Shape shape = rewrite.shape(node.input());
    Shape image = Copy.image(shape);
    Constant scale = rewrite.constant(node.inputs().get(1));
    if (scale == null) {
      return;
    }
    int[] kernel = new int[image.rank()];
    java.util.Arrays.fill(kernel, 1);
    kernel[0] = image.dim(1);
    String weights =
        rewrite.addConstant(node.output() + "/weights", scale.reshaped(Shape.of(kernel)));
    Op.Conv conv = new Op.Conv(Window.POINT, image.dim(1));
    String bias = node.inputs().get(2);
    if (image.equals(shape)) {
      rewrite.add(node.with(conv).withInputs(List.of(node.input(), weights, bias)));
      return;
    }
    String x =
        rewrite.add(new Op.Reshape(image), List.of(node.input()), node.input() + "/" + image, node);
    String y = Rearranged.around(rewrite, node, conv, List.of(x, weights, bias), "/image");
    Rearranged.last(rewrite, node, new Op.Reshape(shape), y);
    rewrite.likewise(node.input(), x);
  }
}
