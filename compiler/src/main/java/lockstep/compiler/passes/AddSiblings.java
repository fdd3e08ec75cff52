// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The sum of two convolutions of one value with the same window is the convolution with the sum of
 * their weights (the branches of RepVGG, Ding et al., 2021).
 *
 * <pre>
 * x -> Conv(w) -> a;  x -> Conv(v) -> b;  a, b -> Add -> y     becomes   x -> Conv(w + v) -> y
 * </pre>
 *
 * Does not fire where the convolutions do more than convolve, differ in window or groups, where a
 * result has other uses or a prescribed encoding, or on weights that are codes.
 */
public final class AddSiblings implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldAffine.class, SplitAdd.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.Add) || node.inputs().size() != 2) {
            return;
          }
          Node first = plain(rewrite, node.inputs().get(0));
          Node second = plain(rewrite, node.inputs().get(1));
          if (first != null
              && second != null
              && first != second
              && first.input().equals(second.input())
              && first.op().equals(second.op())
              && rewrite.shape(first.output()).equals(rewrite.shape(second.output()))) {
            merge(rewrite, first, second, node);
          }
        });
    return rewrite.finish();
  }

  private static @Nullable Node plain(Rewrite rewrite, String value) {
    Node node = rewrite.producer(value);
    return node != null
            && node.op() instanceof Op.Conv conv
            && conv.bare()
            && rewrite.onlyConsumer(value) != null
            && rewrite.quantisation(value) == null
            && node.inputs().stream()
                .skip(1)
                .allMatch(
                    i ->
                        rewrite.constant(i) != null
                            && !(rewrite.constant(i) instanceof Constant.Codes))
        ? node
        : null;
  }

  private static void merge(Rewrite rewrite, Node first, Node second, Node add) {
    String y = add.output();
    Constant w = rewrite.requireConstant(first.inputs().get(1));
    float[] weights = sum(w.floats(), rewrite.requireConstant(second.inputs().get(1)).floats());
    float[] bias = sum(bias(rewrite, first), bias(rewrite, second));
    List<String> inputs =
        List.of(
            first.input(),
            rewrite.addConstant(y + "/weights", new Constant.Floats(w.shape(), weights)),
            rewrite.addConstant(y + "/bias", new Constant.Floats(Shape.of(bias.length), bias)));
    rewrite.add(
        new Node(first.name(), first.op(), inputs, add.outputs(), Sources.of(first, second, add)));
  }

  private static float[] bias(Rewrite rewrite, Node node) {
    return node.inputs().size() > 2
        ? rewrite.requireConstant(node.inputs().get(2)).floats()
        : new float[rewrite.shape(node.output()).dim(1)];
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }
}
