// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.Objects;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.onnx.ConstantEvaluation;
import org.jspecify.annotations.Nullable;

/**
 * Two constants in a row are one.
 *
 * <pre>
 * x, c -> Mul -> t;  t, d -> Mul -> y      becomes   x, c d -> Mul -> y
 * x, c -> Add -> t;  t, d -> Add -> y      becomes   x, c + d -> Add -> y
 * </pre>
 *
 * A scale and a shift per channel in any order become one in {@link FoldAffine}. Does not fire
 * where t has other uses or a prescribed encoding, or where the constants together are larger than
 * x.
 */
public final class ConstantChains implements Pass {
  private static final int OPSET = 17;

  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(NegationToMul.class, DivisionToMultiplication.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          int outer = constantOperand(rewrite, node);
          if (outer >= 0) {
            Node inner = rewrite.producer(node.inputs().get(1 - outer));
            if (inner != null && inner.op().equals(node.op())) {
              merge(rewrite, inner, node, node.inputs().get(outer));
            }
          }
        });
    return rewrite.finish();
  }

  /** Which of two operands is constant and widens the other not; -1 if none is. */
  static int constantOperand(Rewrite rewrite, Node node) {
    if (!(node.op() instanceof Op.Mul || node.op() instanceof Op.Add)
        || node.inputs().size() != 2) {
      return -1;
    }
    for (int i = 0; i < 2; i++) {
      Constant constant = rewrite.constant(node.inputs().get(i));
      String x = node.inputs().get(1 - i);
      if (constant != null
          && rewrite.constant(x) == null
          && Parts.fits(constant.shape(), rewrite.shape(x))) {
        return i;
      }
    }
    return -1;
  }

  private static void merge(Rewrite rewrite, Node inner, Node node, String second) {
    int which = constantOperand(rewrite, inner);
    if (which < 0
        || rewrite.onlyConsumer(inner.output()) == null
        || rewrite.quantisation(inner.output()) != null) {
      return;
    }
    String first = inner.inputs().get(which);
    @Nullable Constant both = combined(rewrite, node.op(), first, second);
    String name = rewrite.addConstant(node.output() + "/constants", Objects.requireNonNull(both));
    rewrite.add(
        new Node(
            node.name(),
            node.op(),
            List.of(inner.inputs().get(1 - which), name),
            node.outputs(),
            Sources.of(inner, node)));
  }

  private static @Nullable Constant combined(Rewrite rewrite, Op op, String a, String b) {
    Node node = new Node("both", op, List.of("a", "b"), List.of("both"), List.of());
    return ConstantEvaluation.evaluate(
            node,
            java.util.Map.of("a", rewrite.requireConstant(a), "b", rewrite.requireConstant(b)),
            OPSET)
        .get("both");
  }
}
