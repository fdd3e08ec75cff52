// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of one value whose results lie side by side are one convolution: x is read once.
 *
 * <pre>
 * x -> Conv(w) -> a;  x -> Conv(v) -> b;  a, b -> Concat(channels) -> y     becomes
 * x -> Conv(w over v) -> y
 * </pre>
 *
 * Siblings whose results go different ways are left apart: layers read whole tensors, so that one
 * convolution for both would be followed by copies. Does not fire where the convolutions differ in
 * window, pooling or activation, are grouped or add a residual, where a result has other uses or a
 * prescribed encoding, or on weights that are codes.
 */
public final class JoinSiblings implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FoldAffine.class, FuseActivation.class, FusePool.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Concat concat && concat.axis() == 1) {
            join(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void join(Rewrite rewrite, Node node) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Node second = sibling(rewrite, input);
      Node first = inputs.isEmpty() ? null : sibling(rewrite, inputs.getLast());
      if (first != null
          && second != null
          && first.input().equals(second.input())
          && first.op().equals(second.op())) {
        inputs.set(inputs.size() - 1, joined(rewrite, first, second));
      } else {
        inputs.add(input);
      }
    }
    if (inputs.size() == node.inputs().size()) {
      return;
    }
    if (inputs.size() > 1) {
      rewrite.rewire(node, node.withInputs(inputs));
    } else {
      rewrite.add(node.with(new Op.Identity()).withInputs(inputs));
    }
  }

  private static @Nullable Node sibling(Rewrite rewrite, String value) {
    Node node = rewrite.producer(value);
    return node != null
            && node.op() instanceof Op.Conv conv
            && conv.groups() == 1
            && !conv.residual()
            && (rewrite.consumers(value).isEmpty() || rewrite.onlyConsumer(value) != null)
            && rewrite.quantisation(value) == null
            && stackable(rewrite, node)
        ? node
        : null;
  }

  private static boolean stackable(Rewrite rewrite, Node node) {
    return node.inputs().stream()
        .skip(1)
        .allMatch(
            i -> rewrite.constant(i) != null && !(rewrite.constant(i) instanceof Constant.Codes));
  }

  private static String joined(Rewrite rewrite, Node first, Node second) {
    String y = first.output() + "/joined";
    Constant w = rewrite.requireConstant(first.inputs().get(1));
    Constant v = rewrite.requireConstant(second.inputs().get(1));
    int channels = w.shape().dim(0) + v.shape().dim(0);
    Constant weights =
        new Constant.Floats(w.shape().with(0, channels), concatenated(w.floats(), v.floats()));
    Constant bias =
        new Constant.Floats(
            Shape.of(channels), concatenated(bias(rewrite, first), bias(rewrite, second)));
    List<String> inputs =
        List.of(
            first.input(),
            rewrite.addConstant(y + "/weights", weights),
            rewrite.addConstant(y + "/bias", bias));
    String output = rewrite.freshValue(y);
    rewrite.add(new Node(output, first.op(), inputs, List.of(output), Sources.of(first, second)));
    return output;
  }

  private static float[] bias(Rewrite rewrite, Node node) {
    return node.inputs().size() > 2
        ? rewrite.requireConstant(node.inputs().get(2)).floats()
        : new float[rewrite.shape(node.output()).dim(1)];
  }

  private static float[] concatenated(float[] a, float[] b) {
    float[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
