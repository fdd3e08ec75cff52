// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A layer normalisation takes in the constant scale and shift after it.
 *
 * <pre>
 * x, s -> LayerNormalization -> n;  n, t -> Mul -> y      becomes   x, s t -> LayerNormalization -> y
 * x, s -> LayerNormalization -> n;  n, t -> Add -> y      becomes   x, s, t -> LayerNormalization -> y
 * </pre>
 *
 * Does not fire where the constant varies along other than the normalised dimensions, where n has
 * other uses or a prescribed encoding, or where the simplified form, which has no shift, would need
 * one.
 */
public final class NormalisationParameters implements Pass {
  private static final Set<String> TYPES =
      Set.of("LayerNormalization", "SimplifiedLayerNormalization");

  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(RecogniseNormalisation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          for (int i = 0; i < 2 && rewrite.producer(node.output()) == node; i++) {
            if ((node.op() instanceof Op.Mul || node.op() instanceof Op.Add)
                && node.inputs().size() == 2) {
              merge(rewrite, node, i);
            }
          }
        });
    return rewrite.finish();
  }

  private static void merge(Rewrite rewrite, Node node, int which) {
    Node norm = rewrite.producer(node.inputs().get(which));
    Constant constant = rewrite.constant(node.inputs().get(1 - which));
    if (norm == null
        || constant == null
        || !(norm.op() instanceof Op.Foreign op)
        || !op.domain().isEmpty()
        || !TYPES.contains(op.type())
        || norm.outputs().size() != 1
        || rewrite.onlyConsumer(norm.output()) == null
        || rewrite.quantisation(norm.output()) != null
        || !(rewrite.constant(norm.inputs().get(1)) instanceof Constant scale)) {
      return;
    }
    boolean shifted = norm.inputs().size() > 2;
    boolean scales = node.op() instanceof Op.Mul;
    float[] values = along(constant, scale.shape());
    if (values == null
        || !Parts.fits(constant.shape(), rewrite.shape(norm.output()))
        || (scales && shifted)
        || (!scales && (shifted || !op.type().equals("LayerNormalization")))) {
      return;
    }
    List<String> inputs = new ArrayList<>(norm.inputs());
    if (scales) {
      float[] old = scale.floats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= old[i];
      }
    }
    Constant parameter = new Constant.Floats(scale.shape(), values);
    String name = rewrite.addConstant(node.output() + (scales ? "/scale" : "/shift"), parameter);
    if (scales) {
      inputs.set(1, name);
    } else {
      inputs.add(name);
    }
    rewrite.add(
        new Node(norm.name(), op, inputs, node.outputs(), Sources.of(norm, node)),
        rewrite.type(node.output()));
  }

  /** A number for each element of the normalised dimensions; null if the constant has others. */
  private static float @Nullable [] along(Constant constant, Shape normalised) {
    Shape shape = constant.shape();
    float[] values = constant.floats();
    int elements = (int) normalised.elements();
    if (values.length == 1) {
      float[] all = new float[elements];
      java.util.Arrays.fill(all, values[0]);
      return all;
    }
    int leading = shape.rank() - normalised.rank();
    boolean same =
        leading >= 0
            && shape.product(0, leading) == 1
            && shape.dims().subList(leading, shape.rank()).equals(normalised.dims());
    return same ? values.clone() : null;
  }
}
