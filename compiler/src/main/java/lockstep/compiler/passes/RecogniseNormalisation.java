// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba et al., 2016) and its form without a mean (Zhang and Sennrich, 2019) from
 * their parts, over the last dimensions.
 *
 * <pre>
 * d = x - ReduceMean(x);  d / Sqrt(ReduceMean(d²) + ε) -> y      becomes   x, ones -> LayerNormalization(ε) -> y
 * x / Sqrt(ReduceMean(x²) + ε) -> y                  becomes   x, ones -> SimplifiedLayerNormalization(ε) -> y
 * </pre>
 *
 * The square may be a Pow or a Mul; the quotient a Div, a Mul with Div(1, root), with a Reciprocal,
 * or with Pow(-1/2). {@link NormalisationParameters} takes in scale and shift after it. The
 * simplified form is ONNX Runtime's operator. Does not fire where another node reads a part, or the
 * model prescribes a part's encoding.
 */
public final class RecogniseNormalisation implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(CommonSubexpressions.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Mul) {
            recognise(rewrite, node, 0);
            recognise(rewrite, node, 1);
          } else if (Parts.isForeign(node, "Div")) {
            recognise(rewrite, node, 0);
          }
        });
    return rewrite.finish();
  }

  /** {@code which} input is the numerator. */
  private static void recognise(Rewrite rewrite, Node node, int which) {
    if (rewrite.producer(node.output()) != node) {
      return;
    }
    Parts parts = new Parts(rewrite, node);
    String numerator = node.inputs().get(which);
    String other = node.inputs().get(1 - which);
    String square =
        node.op() instanceof Op.Mul ? underInverse(parts, other) : underRoot(parts, other);
    Parts.Scaled shifted = square == null ? null : parts.plusScalar(square);
    Parts.Mean variance = shifted == null ? null : parts.mean(shifted.values().getFirst());
    if (variance == null || shifted == null || !isSquare(parts, variance.value(), numerator)) {
      return;
    }
    String x = numerator;
    Parts centred = new Parts(rewrite, node);
    Node sub = centred.foreign(numerator, "Sub");
    Parts.Mean mean = sub == null ? null : centred.mean(sub.inputs().get(1));
    boolean layer =
        sub != null
            && mean != null
            && mean.value().equals(sub.input())
            && mean.axis() == variance.axis();
    if (layer && sub != null) {
      parts.inside(sub);
      parts.inside(java.util.Objects.requireNonNull(rewrite.producer(sub.inputs().get(1))));
      x = sub.input();
    }
    if (!parts.closed()) {
      return;
    }
    Shape shape = rewrite.shape(x);
    Shape last = new Shape(shape.dims().subList(variance.axis(), shape.rank()));
    String ones = rewrite.addConstant(node.output() + "/ones", new Constant.Splat(last, 1));
    TreeMap<String, Attribute> attributes = new TreeMap<>();
    attributes.put("axis", new Attribute.Int(variance.axis() - shape.rank()));
    attributes.put("epsilon", new Attribute.Real((float) shifted.factor()));
    String type = layer ? "LayerNormalization" : "SimplifiedLayerNormalization";
    parts.become(new Op.Foreign(type, "", attributes), List.of(x, ones));
  }

  /** What a square root is taken of. */
  private static @Nullable String underRoot(Parts parts, String value) {
    Node root = parts.foreign(value, "Sqrt");
    if (root != null) {
      return root.input();
    }
    Node pow = parts.foreign(value, "Pow");
    return pow != null && parts.scalar(pow.inputs().get(1)) == 0.5 ? pow.input() : null;
  }

  private static @Nullable String underInverse(Parts parts, String value) {
    Node reciprocal = parts.foreign(value, "Reciprocal");
    if (reciprocal != null) {
      return underRoot(parts, reciprocal.input());
    }
    Node div = parts.foreign(value, "Div");
    if (div != null) {
      return parts.scalar(div.input()) == 1 ? underRoot(parts, div.inputs().get(1)) : null;
    }
    Node pow = parts.foreign(value, "Pow");
    return pow != null && parts.scalar(pow.inputs().get(1)) == -0.5 ? pow.input() : null;
  }

  private static boolean isSquare(Parts parts, String value, String of) {
    Node pow = parts.foreign(value, "Pow");
    if (pow != null) {
      return pow.input().equals(of) && parts.scalar(pow.inputs().get(1)) == 2;
    }
    Node mul = parts.of(value, Op.Mul.class);
    return mul != null && new ArrayList<>(mul.inputs()).equals(List.of(of, of));
  }
}
