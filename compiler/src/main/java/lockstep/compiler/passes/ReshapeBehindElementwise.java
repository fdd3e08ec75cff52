// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A reshape comes behind what computes element by element.
 *
 * <pre>
 * x -> Reshape -> f -> y                        becomes   x -> f -> Reshape -> y
 * x -> Reshape, number -> Mul -> y              becomes   x, number -> Mul -> Reshape -> y
 * a -> Reshape, b -> Reshape -> Add -> y        becomes   a, b -> Add -> Reshape -> y
 * </pre>
 *
 * Does not fire where a reshaped value is read elsewhere, too, where the two of a sum had other
 * shapes before, across prescribed encodings that differ, or on a number right behind a product of
 * activations, which would become a layer of its own.
 */
final class ReshapeBehindElementwise implements MoveRule {
  @Override
  public void visit(Rewrite rewrite, Node node) {
    switch (node.op()) {
      case Op.Foreign op when TransposeBehindElementwise.isFunction(op, node) -> {
        Node first = only(rewrite, node.input());
        if (first != null) {
          String inner = rewrite.freshValue(node.output() + "/before");
          rewrite.add(
              new Node(inner, op, List.of(first.input()), List.of(inner), node.source()),
              rewrite.type(first.input()));
          finish(rewrite, node, inner);
        }
      }
      case Op.Add _, Op.Mul _ -> {
        if (node.inputs().size() == 2) {
          binary(rewrite, node);
        }
      }
      case Op _ -> {}
    }
  }

  private static void binary(Rewrite rewrite, Node node) {
    List<String> inputs = new ArrayList<>();
    String like = null;
    for (String input : node.inputs()) {
      Node first = only(rewrite, input);
      boolean number = rewrite.constant(input) != null && rewrite.shape(input).rank() == 0;
      if (first == null && !number) {
        return;
      }
      String value = first == null ? input : first.input();
      if (first != null) {
        if (like != null && !rewrite.shape(like).equals(rewrite.shape(value))) {
          return;
        }
        like = value;
      }
      inputs.add(value);
    }
    boolean scalesProduct =
        like != null
            && node.inputs().stream().anyMatch(i -> rewrite.constant(i) != null)
            && rewrite.producer(like) instanceof Node before
            && before.op() instanceof Op.Product;
    if (like != null
        && !scalesProduct
        && rewrite.shape(like).elements() == rewrite.shape(node.output()).elements()) {
      finish(rewrite, node, rewrite.add(node.op(), inputs, node.output() + "/before", node));
    }
  }

  private static void finish(Rewrite rewrite, Node node, String inner) {
    rewrite.likewise(node.output(), inner);
    String name = rewrite.freshValue(node.output() + "/reshaped");
    Op reshape = new Op.Reshape(rewrite.shape(node.output()));
    rewrite.add(new Node(name, reshape, List.of(inner), node.outputs(), node.source()));
  }

  private static @Nullable Node only(Rewrite rewrite, String value) {
    Node node = rewrite.producer(value);
    return node != null
            && node.op() instanceof Op.Reshape
            && rewrite.onlyConsumer(value) != null
            && rewrite.sameEncoding(node.input(), value)
        ? node
        : null;
  }
}
