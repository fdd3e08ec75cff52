// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Adding or multiplying a constant per channel.
 *
 * <pre>
 * x, [C,1,1] -> Mul -> y        becomes   x -> Affine([C], 0) -> y
 * x, [C,1,1] -> Add -> y        becomes   x -> Affine(1, [C]) -> y
 * </pre>
 *
 * Does not fire where the constant varies along other dimensions.
 */
public final class ConstantOperandToAffine implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          boolean adds = node.op() instanceof Op.Add;
          if ((adds || node.op() instanceof Op.Mul) && node.inputs().size() == 2) {
            int which = rewrite.constant(node.inputs().get(0)) != null ? 0 : 1;
            rewrite(rewrite, node, adds, which);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node, boolean adds, int which) {
    Constant constant = rewrite.constant(node.inputs().get(which));
    String x = node.inputs().get(1 - which);
    if (constant == null || rewrite.constant(x) != null) {
      return;
    }
    float[] perChannel = perChannel(constant, rewrite.shape(x));
    if (perChannel == null) {
      return;
    }
    float[] other = new float[perChannel.length];
    Arrays.fill(other, adds ? 1 : 0);
    Shape shape = Shape.of(perChannel.length);
    String y = node.output();
    String scale =
        rewrite.addConstant(y + "/scale", new Constant.Floats(shape, adds ? other : perChannel));
    String shift =
        rewrite.addConstant(y + "/shift", new Constant.Floats(shape, adds ? perChannel : other));
    rewrite.add(node.with(new Op.Affine()).withInputs(List.of(x, scale, shift)));
  }

  private static float @Nullable [] perChannel(Constant constant, Shape x) {
    Shape shape = constant.shape();
    if (x.rank() < 2 || shape.rank() > x.rank()) {
      return null;
    }
    float[] result = new float[x.dim(1)];
    if (shape.elements() == 1) {
      Arrays.fill(result, constant.floats()[0]);
      return result;
    }
    int axis = 1 - (x.rank() - shape.rank());
    return axis >= 0 && shape.dim(axis) == x.dim(1) && shape.elements() == x.dim(1)
        ? constant.floats()
        : null;
  }
}
