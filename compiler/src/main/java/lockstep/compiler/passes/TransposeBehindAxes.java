// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A transposition comes behind an operator that names the dimensions it works along.
 *
 * <pre>
 * x -> Transpose(p) -> Softmax(axis a) -> y           becomes   x -> Softmax(axis p[a]) -> Transpose(p) -> y
 * a, b -> Transpose(p) each -> Concat(axis) -> y      becomes   a, b -> Concat(axis p[a]) -> Transpose(p) -> y
 * x -> Transpose(p) -> Pad(per dimension) -> y        becomes   x -> Pad(permuted) -> Transpose(p) -> y
 * </pre>
 *
 * Constants that are joined are transposed at once. Does not fire on Softmax before operator set 13
 * (which flattens), where the transposed value is read elsewhere, or where one of the joined values
 * is neither constant nor transposed alike.
 */
final class TransposeBehindAxes implements MoveRule {
  private static final int SOFTMAX_SINCE = 13;

  private final int opset;

  TransposeBehindAxes(int opset) {
    this.opset = opset;
  }

  @Override
  public void visit(Rewrite rewrite, Node node) {
    switch (node.op()) {
      case Op.Concat concat -> concat(rewrite, node, concat.axis());
      case Op.Pad pad -> {
        Node first = only(rewrite, node.input());
        if (first != null && first.op() instanceof Op.Transpose(List<Integer> p)) {
          List<Integer> back = TransposeBehindElementwise.inverse(p);
          Op inner =
              new Op.Pad(
                  back.stream().map(pad.begins()::get).toList(),
                  back.stream().map(pad.ends()::get).toList(),
                  pad.value());
          String value =
              rewrite.add(inner, List.of(first.input()), node.output() + "/before", node);
          finish(rewrite, node, first, value);
        }
      }
      case Op.Foreign op
          when op.domain().isEmpty()
              && opset >= SOFTMAX_SINCE
              && (op.type().equals("Softmax") || op.type().equals("LogSoftmax")) ->
          softmax(rewrite, node, op);
      case Op _ -> {}
    }
  }

  private static void softmax(Rewrite rewrite, Node node, Op.Foreign op) {
    Node first = only(rewrite, node.input());
    if (first == null || !(first.op() instanceof Op.Transpose(List<Integer> p))) {
      return;
    }
    long axis = op.attributes().get("axis") instanceof Attribute.Int i ? i.value() : -1;
    SortedMap<String, Attribute> attributes = new TreeMap<>(op.attributes());
    attributes.put("axis", new Attribute.Int(p.get((int) Math.floorMod(axis, (long) p.size()))));
    String value = rewrite.freshValue(node.output() + "/before");
    rewrite.add(
        new Node(
            value,
            new Op.Foreign(op.type(), "", attributes),
            List.of(first.input()),
            List.of(value),
            node.source()),
        rewrite.type(first.input()));
    finish(rewrite, node, first, value);
  }

  private static void concat(Rewrite rewrite, Node node, int axis) {
    Node first = null;
    for (String input : node.inputs()) {
      Node candidate = only(rewrite, input);
      first = first == null ? candidate : first;
    }
    if (first == null || !(first.op() instanceof Op.Transpose(List<Integer> p))) {
      return;
    }
    List<Integer> back = TransposeBehindElementwise.inverse(p);
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Constant constant = rewrite.constant(input);
      Node move = only(rewrite, input);
      if (constant != null && constant.shape().rank() == p.size() && !isCodes(constant)) {
        Constant turned = Weights.permuted(constant, back);
        inputs.add(rewrite.addConstant(node.output() + "/part", turned));
      } else if (move != null && move.op().equals(first.op())) {
        inputs.add(move.input());
      } else {
        return;
      }
    }
    String value = rewrite.add(new Op.Concat(p.get(axis)), inputs, node.output() + "/before", node);
    finish(rewrite, node, first, value);
  }

  private static boolean isCodes(Constant constant) {
    return constant instanceof Constant.Codes;
  }

  private static void finish(Rewrite rewrite, Node node, Node first, String value) {
    rewrite.likewise(node.output(), value);
    String name = rewrite.freshValue(node.output() + "/turned");
    rewrite.add(
        new Node(name, first.op(), List.of(value), node.outputs(), Sources.of(first, node)));
  }

  private static @Nullable Node only(Rewrite rewrite, String value) {
    Node move = TransposeBehindElementwise.transposition(rewrite, value);
    return move != null && rewrite.onlyConsumer(value) != null
        ? Objects.requireNonNull(move)
        : null;
  }
}
