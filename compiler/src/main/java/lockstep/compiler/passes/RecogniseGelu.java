// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * GELU from its parts (Hendrycks and Gimpel, 2016), exact or by a hyperbolic tangent, with the
 * factors in any order.
 *
 * <pre>
 * x -> x/√2 -> Erf -> +1 -> times x -> times 1/2 -> y                         becomes   x -> Gelu -> y
 * x -> √(2/π) (x + 0.044715 x³) -> Tanh -> +1 -> times x -> times 1/2 -> y    becomes   x -> FastGelu -> y
 * </pre>
 *
 * Both are ONNX Runtime's operators, which have no least operator set. Does not fire where another
 * node reads a part, or the model prescribes a part's encoding.
 */
public final class RecogniseGelu implements Pass {
  private static final double CUBIC = 0.044715;

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Mul) {
            recognise(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void recognise(Rewrite rewrite, Node node) {
    for (int which = 0; which < 2; which++) {
      Parts parts = new Parts(rewrite, node);
      Parts.Scaled product = parts.product(node.output());
      if (!Parts.near(product.factor(), 0.5) || product.values().size() != 2) {
        return;
      }
      String x = product.values().get(which);
      String one = parts.plus(product.values().get(1 - which), 1);
      String type = one == null ? null : form(parts, one, x);
      if (type != null && parts.closed() && rewrite.shape(x).equals(rewrite.shape(node.output()))) {
        parts.become(new Op.Foreign(type, "com.microsoft", new TreeMap<>()), List.of(x));
        return;
      }
    }
  }

  /** Which operator has this value as its curve from -1 to 1. */
  private static @Nullable String form(Parts parts, String curve, String x) {
    Node erf = parts.foreign(curve, "Erf");
    if (erf != null) {
      Parts.Scaled argument = parts.product(erf.input());
      return argument.values().equals(List.of(x)) && Parts.near(argument.factor(), Math.sqrt(0.5))
          ? "Gelu"
          : null;
    }
    Node tanh = parts.foreign(curve, "Tanh");
    return tanh != null && cubic(parts, tanh.input(), x) ? "FastGelu" : null;
  }

  private static boolean cubic(Parts parts, String argument, String x) {
    Parts.Scaled scaled = parts.product(argument);
    if (!Parts.near(scaled.factor(), Math.sqrt(2 / Math.PI))) {
      return false;
    }
    if (scaled.values().size() == 1) {
      Node sum = parts.of(scaled.values().getFirst(), Op.Add.class);
      if (sum == null || sum.inputs().size() != 2 || !sum.inputs().contains(x)) {
        return false;
      }
      return power(parts, sum.inputs().get(sum.input().equals(x) ? 1 : 0), x, 3);
    }
    String other = scaled.beside(x);
    String square = other == null ? null : parts.plus(other, 1);
    return square != null && power(parts, square, x, 2);
  }

  /** Whether a value is 0.044715 times a power of x, as products, a Pow, or both. */
  private static boolean power(Parts parts, String value, String x, int exponent) {
    Parts.Scaled scaled = parts.product(value);
    int found = 0;
    for (String factor : scaled.values()) {
      Node pow = factor.equals(x) ? null : parts.foreign(factor, "Pow");
      if (factor.equals(x)) {
        found++;
      } else if (pow != null && pow.input().equals(x)) {
        found += (int) parts.scalar(pow.inputs().get(1));
      } else {
        return false;
      }
    }
    return found == exponent && Parts.near(scaled.factor(), CUBIC);
  }
}
