// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/** The depthwise 1x1 convolution with weights of one, which carries what has no convolution. */
final class Copy {
  private Copy() {}

  /**
   * Replaces {@code node} by a copy of {@code x}, a value of any rank.
   *
   * @param window of the copy: a point, possibly padded (images only)
   * @param residual of the same shape, or null
   */
  static void replace(
      Rewrite rewrite,
      Node node,
      String x,
      Window window,
      @Nullable Window pool,
      @Nullable String residual,
      Activation activation) {
    Shape shape = rewrite.shape(x);
    Shape image = image(shape);
    boolean direct = image.equals(shape);
    int channels = image.dim(1);
    List<String> inputs = new ArrayList<>();
    inputs.add(direct ? x : reshaped(rewrite, node, x, image));
    int[] kernel = new int[image.rank()];
    java.util.Arrays.fill(kernel, 1);
    kernel[0] = channels;
    inputs.add(
        rewrite.addConstant(node.output() + "/ones", new Constant.Splat(Shape.of(kernel), 1)));
    if (residual != null) {
      inputs.add(direct ? residual : reshaped(rewrite, node, residual, image));
    }
    Op.Conv conv = new Op.Conv(window, channels, pool, residual != null, activation);
    if (direct) {
      rewrite.add(new Node(node.name(), conv, inputs, node.outputs().subList(0, 1), node.source()));
      return;
    }
    String y = Rearranged.around(rewrite, node, conv, inputs, "/image");
    Rearranged.last(rewrite, node, new Op.Reshape(shape), y);
  }

  private static String reshaped(Rewrite rewrite, Node node, String x, Shape to) {
    String y = rewrite.add(new Op.Reshape(to), List.of(x), x + "/" + to, node);
    rewrite.likewise(x, y);
    return y;
  }

  /** The same elements in the same order as an image of rank 3 or 4. */
  static Shape image(Shape shape) {
    return switch (shape.rank()) {
      case 0 -> Shape.of(1, 1, 1, 1);
      case 1 -> Shape.of(1, shape.dim(0), 1, 1);
      case 2 -> Shape.of(shape.dim(0), shape.dim(1), 1, 1);
      case 3, 4 -> shape;
      default -> {
        int rows = Math.toIntExact(shape.product(2, shape.rank() - 1));
        yield Shape.of(shape.dim(0), shape.dim(1), rows, shape.dim(-1));
      }
    };
  }

  /** A pass that replaces single nodes by copies. */
  interface Rule {
    void apply(Rewrite rewrite, Node node);
  }

  static Graph each(Graph graph, Rule rule) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(node -> rule.apply(rewrite, node));
    return rewrite.finish();
  }
}
