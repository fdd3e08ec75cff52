// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A transposition comes behind what computes element by element.
 *
 * <pre>
 * x -> Transpose(p) -> f -> y                          becomes   x -> f -> Transpose(p) -> y
 * a -> Transpose(p), b -> Transpose(p) -> Add -> y     becomes   a, b -> Add -> Transpose(p) -> y
 * a -> Transpose(p), constant -> Mul -> y              becomes   a, constant' -> Mul -> Transpose(p) -> y
 * conv -> Transpose(p), host's value -> Add -> y       becomes   conv, value' -> Add -> Transpose(p) -> y
 * </pre>
 *
 * Constants are transposed at once; the host transposes what it computes anyway. Does not fire
 * where a function's operand is read elsewhere, too, where shapes differ in rank, or across
 * prescribed encodings that differ.
 */
final class TransposeBehindElementwise implements MoveRule {
  static final Set<String> FUNCTIONS =
      Set.of(
          "Abs",
          "Celu",
          "Elu",
          "Erf",
          "Exp",
          "FastGelu",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Log",
          "Mish",
          "Neg",
          "QuickGelu",
          "Reciprocal",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tanh");

  @Override
  public void visit(Rewrite rewrite, Node node) {
    switch (node.op()) {
      case Op.Foreign op when isFunction(op, node) -> function(rewrite, node);
      case Op.Add _, Op.Mul _ -> {
        if (node.inputs().size() == 2) {
          binary(rewrite, node);
        }
      }
      case Op _ -> {}
    }
  }

  static boolean isFunction(Op.Foreign op, Node node) {
    return FUNCTIONS.contains(op.type()) && node.inputs().size() == 1;
  }

  private static void function(Rewrite rewrite, Node node) {
    Node first = transposition(rewrite, node.input());
    if (first == null || rewrite.onlyConsumer(first.output()) == null) {
      return;
    }
    String inner = rewrite.freshValue(node.output() + "/before");
    rewrite.add(
        new Node(inner, node.op(), List.of(first.input()), List.of(inner), node.source()),
        rewrite.type(first.input()));
    rewrite.likewise(node.output(), inner);
    rewrite.add(first.withInputs(List.of(inner)).withOutput(node.output()));
  }

  private static void binary(Rewrite rewrite, Node node) {
    for (int i = 0; i < 2; i++) {
      Node first = transposition(rewrite, node.inputs().get(i));
      if (first == null || !(first.op() instanceof Op.Transpose(List<Integer> permutation))) {
        continue;
      }
      String other = node.inputs().get(1 - i);
      if (!rewrite.shape(first.output()).equals(rewrite.shape(node.output()))) {
        continue;
      }
      String turned = turned(rewrite, node, first, permutation, other);
      if (turned != null) {
        List<String> inputs = new ArrayList<>(List.of(first.input(), turned));
        if (i == 1) {
          Collections.reverse(inputs);
        }
        String inner = rewrite.add(node.op(), inputs, node.output() + "/before", node);
        rewrite.likewise(node.output(), inner);
        String name = rewrite.freshValue(node.output() + "/turned");
        rewrite.add(
            new Node(name, first.op(), List.of(inner), node.outputs(), Sources.of(first, node)));
        return;
      }
    }
  }

  /** The other operand as the transposed one's input lies, or null. */
  private static @Nullable String turned(
      Rewrite rewrite, Node node, Node first, List<Integer> permutation, String other) {
    List<Integer> back = inverse(permutation);
    Constant constant = rewrite.constant(other);
    if (constant != null) {
      return constant(rewrite, node, constant, permutation.size(), back, other);
    }
    Node second = transposition(rewrite, other);
    if (second != null && second.op().equals(first.op())) {
      return second.input();
    }
    Node computing = rewrite.producer(first.input());
    boolean onMachine = computing != null && computing.op() instanceof Op.Conv;
    if (!onMachine
        || !rewrite.shape(other).equals(rewrite.shape(node.output()))
        || !onHost(rewrite, other)) {
      return null;
    }
    String turned = rewrite.add(new Op.Transpose(back), List.of(other), other + "/turned", node);
    rewrite.likewise(other, turned);
    return turned;
  }

  private static boolean onHost(Rewrite rewrite, String value) {
    Node producer = rewrite.producer(value);
    return producer == null || producer.op() instanceof Op.Foreign;
  }

  static @Nullable String constant(
      Rewrite rewrite, Node node, Constant constant, int rank, List<Integer> back, String name) {
    if (constant.shape().elements() == 1) {
      return constant.shape().rank() <= rank ? name : null;
    }
    if (constant.shape().rank() > rank || constant instanceof Constant.Codes) {
      return null;
    }
    List<Integer> dims = new ArrayList<>(Collections.nCopies(rank - constant.shape().rank(), 1));
    dims.addAll(constant.shape().dims());
    Constant turned = Weights.permuted(constant.reshaped(new Shape(dims)), back);
    return rewrite.addConstant(node.output() + "/operand", turned);
  }

  static @Nullable Node transposition(Rewrite rewrite, String value) {
    Node node = rewrite.producer(value);
    return node != null
            && node.op() instanceof Op.Transpose
            && rewrite.sameEncoding(node.input(), value)
        ? node
        : null;
  }

  static List<Integer> inverse(List<Integer> permutation) {
    return IntStream.range(0, permutation.size()).mapToObj(permutation::indexOf).toList();
  }
}
