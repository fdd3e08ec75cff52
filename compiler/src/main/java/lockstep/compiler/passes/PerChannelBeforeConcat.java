// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
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
 * What works channel by channel comes before a join of channels, where the convolutions that
 * compute the parts can take it in.
 *
 * <pre>
 * conv, conv -> Concat(channels) -> MaxPool -> y      becomes   conv -> MaxPool, conv -> MaxPool -> Concat -> y
 * </pre>
 *
 * Likewise Activate and Affine, whose constants are cut. Does not fire where the joined value has
 * other uses or a prescribed encoding, or where a part is no convolution's alone that could still
 * take it in.
 */
public final class PerChannelBeforeConcat implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(LinearToConv.class, ConstantOperandToAffine.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Graph before;
    Graph after = graph;
    do {
      before = after;
      after = once(before);
    } while (!after.equals(before));
    return after;
  }

  private static Graph once(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.Affine
              || node.op() instanceof Op.Activate
              || node.op() instanceof Op.MaxPool)) {
            return;
          }
          Node concat = rewrite.producer(node.input());
          if (concat != null
              && concat.op() instanceof Op.Concat join
              && join.axis() == 1
              && rewrite.onlyConsumer(concat.output()) != null
              && rewrite.quantisation(concat.output()) == null
              && concat.inputs().stream().allMatch(i -> takesIn(rewrite, i, node.op()))) {
            swap(rewrite, concat, node);
          }
        });
    return rewrite.finish();
  }

  /** Whether the convolution that computes a part will take the operator in. */
  private static boolean takesIn(Rewrite rewrite, String part, Op op) {
    Node producer = rewrite.producer(part);
    if (producer == null
        || rewrite.onlyConsumer(part) == null
        || rewrite.quantisation(part) != null) {
      return false;
    }
    return switch (producer.op()) {
      case Op.Conv conv -> conv.bare();
      case Op.Affine _ -> takesIn(rewrite, producer.input(), producer.op());
      case Op.Activate _ ->
          !(op instanceof Op.Affine) && takesIn(rewrite, producer.input(), producer.op());
      case Op _ -> false;
    };
  }

  private static void swap(Rewrite rewrite, Node concat, Node node) {
    Node origin = node.withSource(Sources.of(concat, node));
    List<String> parts = new ArrayList<>();
    int channel = 0;
    for (String part : concat.inputs()) {
      int channels = rewrite.shape(part).dim(1);
      List<String> inputs = new ArrayList<>(List.of(part));
      for (String parameter : node.inputs().subList(1, node.inputs().size())) {
        String own = cut(rewrite, parameter, channel, channels);
        if (own == null) {
          return;
        }
        inputs.add(own);
      }
      parts.add(rewrite.add(node.op(), inputs, node.output() + "/part", origin));
      rewrite.likewise(node.output(), parts.getLast());
      channel += channels;
    }
    String name = rewrite.freshValue(node.output() + "/joined");
    rewrite.add(new Node(name, concat.op(), parts, node.outputs(), origin.source()));
  }

  private static @Nullable String cut(Rewrite rewrite, String parameter, int from, int count) {
    Constant constant = rewrite.constant(parameter);
    if (constant == null) {
      return null;
    }
    float[] own = Arrays.copyOfRange(constant.floats(), from, from + count);
    return rewrite.addConstant(parameter + "/part", new Constant.Floats(Shape.of(count), own));
  }
}
