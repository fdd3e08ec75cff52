// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * A number that scales the scores of attention, or a projection cut into heads, goes into the
 * weights of a projection before it.
 *
 * <pre>
 * x -> Linear(W, b) -> moves -> q;  q, k -> MatMul -> Mul(s) -> y      becomes
 * x -> Linear(s W, s b) -> moves -> q;  q, k -> MatMul -> y
 * </pre>
 *
 * Moves are reshapes and transpositions. Does not fire where a value on the way has other uses or a
 * prescribed encoding, or the weights are codes.
 */
public final class FactorIntoWeights implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(MatMulToLinear.class, ScaleIntoLinear.class, SlicesIntoLinear.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          int which = ConstantChains.constantOperand(rewrite, node);
          if (!(node.op() instanceof Op.Mul) || which < 0) {
            return;
          }
          double factor = new Parts(rewrite, node).scalar(node.inputs().get(which));
          String value = node.inputs().get(1 - which);
          Node linear = Double.isNaN(factor) ? null : projection(rewrite, value);
          if (linear != null && !rewrite.isOutput(node.output())) {
            scale(rewrite, linear, (float) factor, node);
            rewrite.forward(node.output(), value);
          }
        });
    return rewrite.finish();
  }

  /** The projection that a value is a multiple of. */
  private static @Nullable Node projection(Rewrite rewrite, String value) {
    Node node = rewrite.producer(value);
    if (node == null
        || rewrite.onlyConsumer(value) == null
        || rewrite.quantisation(value) != null) {
      return null;
    }
    return switch (node.op()) {
      case Op.Linear _ -> {
        boolean known =
            node.inputs().subList(1, node.inputs().size()).stream()
                .allMatch(i -> rewrite.constant(i) != null);
        yield known && !(rewrite.constant(node.inputs().get(1)) instanceof Constant.Codes)
            ? node
            : null;
      }
      case Op.Transpose _, Op.Reshape _ -> projection(rewrite, node.input());
      case Op.MatMul _ -> {
        Node left = projection(rewrite, node.inputs().get(0));
        yield left != null ? left : projection(rewrite, node.inputs().get(1));
      }
      case Op _ -> null;
    };
  }

  private static void scale(Rewrite rewrite, Node linear, float factor, Node mul) {
    List<String> inputs = new ArrayList<>();
    inputs.add(linear.input());
    for (String input : linear.inputs().subList(1, linear.inputs().size())) {
      Constant scaled = Weights.scaled(rewrite.requireConstant(input), factor);
      inputs.add(rewrite.addConstant(input + "/scaled", scaled));
    }
    rewrite.add(linear.withInputs(inputs).withSource(Sources.of(linear, mul)));
  }
}
