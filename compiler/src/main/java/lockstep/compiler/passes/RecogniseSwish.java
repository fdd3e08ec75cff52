// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import org.jspecify.annotations.Nullable;

/**
 * Swish and its piecewise linear form from their parts (Ramachandran et al., 2017; Howard et al.,
 * 2019), with the factors in any order.
 *
 * <pre>
 * x -> Sigmoid(a x) -> times x -> y                   becomes   x -> QuickGelu(a) -> y
 * x -> +3 -> Clip(0, 6) -> times x -> times 1/6 -> y  becomes   x -> HardSwish -> y
 * x -> HardSigmoid(1/6, 1/2) -> times x -> y          becomes   x -> HardSwish -> y
 * </pre>
 *
 * QuickGelu is ONNX Runtime's name for Swish with a slope. In operator sets that have no HardSwish
 * the graph holds it all the same, and is written with its parts. Does not fire where another node
 * reads a part, or the model prescribes a part's encoding.
 */
public final class RecogniseSwish implements Pass {
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
      if (product.values().size() != 2) {
        return;
      }
      String x = product.values().get(which);
      Op.Foreign form = form(parts, product.values().get(1 - which), product.factor(), x);
      if (form != null && parts.closed() && rewrite.shape(x).equals(rewrite.shape(node.output()))) {
        parts.become(form, List.of(x));
        return;
      }
    }
  }

  private static Op.@Nullable Foreign form(Parts parts, String gate, double factor, String x) {
    Node sigmoid = parts.foreign(gate, "Sigmoid");
    if (sigmoid != null && factor == 1) {
      Parts.Scaled argument = parts.product(sigmoid.input());
      TreeMap<String, Attribute> slope = new TreeMap<>();
      slope.put("alpha", new Attribute.Real((float) argument.factor()));
      return argument.values().equals(List.of(x))
          ? new Op.Foreign("QuickGelu", "com.microsoft", slope)
          : null;
    }
    return hard(parts, gate, factor, x) ? new Op.Foreign("HardSwish", "", new TreeMap<>()) : null;
  }

  private static boolean hard(Parts parts, String gate, double factor, String x) {
    Node sigmoid = parts.foreign(gate, "HardSigmoid");
    if (sigmoid != null) {
      return sigmoid.input().equals(x)
          && factor == 1
          && Parts.near(real(sigmoid, "alpha", 0.2), 1.0 / 6)
          && Parts.near(real(sigmoid, "beta", 0.5), 0.5);
    }
    Node clip = parts.of(gate, Op.Activate.class);
    return clip != null
        && clip.op() instanceof Op.Activate(Activation activation)
        && activation.equals(new Activation.Clamp(0, 6))
        && Parts.near(factor, 1.0 / 6)
        && x.equals(parts.plus(clip.input(), 3));
  }

  private static double real(Node node, String name, double otherwise) {
    return node.op() instanceof Op.Foreign op
            && op.attributes().get(name) instanceof Attribute.Real value
        ? value.value()
        : otherwise;
  }
}
