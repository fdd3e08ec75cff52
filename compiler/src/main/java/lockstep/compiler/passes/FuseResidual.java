// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A convolution takes in the addition after it. Of two convolutions, the one that comes later does.
 *
 * <pre>
 * x -> Conv -> y;  y, r -> Add -> z      becomes   x, r -> Conv(residual) -> z
 * </pre>
 *
 * Does not fire on broadcasts, or where y has other uses, an activation, a residual or a prescribed
 * encoding.
 */
public final class FuseResidual implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(FusePool.class, FuseActivation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    Map<String, Integer> order = new HashMap<>();
    rewrite.nodes().forEach(node -> order.put(node.output(), order.size()));
    rewrite.forEach(
        node -> {
          if (!(node.op() instanceof Op.Add) || node.inputs().size() != 2) {
            return;
          }
          String first = node.inputs().get(0);
          String second = node.inputs().get(1);
          Node a = fusable(rewrite, node, first);
          Node b = fusable(rewrite, node, second);
          if (a != null && (b == null || place(order, first) > place(order, second))) {
            fuse(rewrite, a, node, second);
          } else if (b != null) {
            fuse(rewrite, b, node, first);
          }
        });
    return rewrite.finish();
  }

  private static int place(Map<String, Integer> order, String value) {
    return Objects.requireNonNull(order.get(value), value);
  }

  private static @Nullable Node fusable(Rewrite rewrite, Node add, String operand) {
    Node producer = rewrite.producer(operand);
    String other = add.inputs().get(add.input().equals(operand) ? 1 : 0);
    return producer != null
            && producer.op() instanceof Op.Conv conv
            && !conv.residual()
            && conv.activation().equals(Activation.NONE)
            && rewrite.onlyConsumer(operand) != null
            && rewrite.quantisation(operand) == null
            && rewrite.constant(other) == null
            && rewrite.shape(operand).equals(rewrite.shape(other))
        ? producer
        : null;
  }

  private static void fuse(Rewrite rewrite, Node producer, Node add, String residual) {
    Op.Conv conv = (Op.Conv) producer.op();
    List<String> inputs = new ArrayList<>(producer.inputs());
    inputs.add(residual);
    rewrite.add(
        new Node(
            producer.name(),
            new Op.Conv(conv.window(), conv.groups(), conv.pool(), true, conv.activation()),
            inputs,
            add.outputs(),
            Sources.of(producer, add)));
  }
}
