// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Products that are quantised while the model runs: the scale of the value is that of its range,
 * which a calibrated machine knows beforehand.
 *
 * <pre>
 * x -> DynamicQuantizeLinear -> codes, zero -> MatMulInteger(w, zw) -> Cast -+
 *                          \--> scale -> Mul(sw) ---------------------------+-> Mul
 *
 * becomes    x -> MatMul(w -> DequantizeLinear(sw, zw))
 * </pre>
 *
 * ConvInteger likewise. Does not fire for weights or scales that are not constant: then it runs on
 * the host.
 */
final class DynamicProducts {
  private DynamicProducts() {}

  static boolean rewrite(Draft draft, Node node) {
    if (!Draft.type(node).equals("Mul") || node.inputs().size() != 2) {
      return false;
    }
    return rewrite(draft, node, 0) || rewrite(draft, node, 1);
  }

  private static boolean rewrite(Draft draft, Node node, int side) {
    Node cast = draft.producer(node.inputs().get(side), "Cast");
    Node scales = draft.producer(node.inputs().get(1 - side), "Mul");
    Node sums = cast == null || cast.inputs().isEmpty() ? null : draft.producer(cast.input());
    if (sums == null
        || sums.inputs().size() < 2
        || scales == null
        || !(sums.op() instanceof Op.Foreign op)) {
      return false;
    }
    boolean convolution = op.type().equals("ConvInteger");
    if (!op.domain().isEmpty() || !(convolution || op.type().equals("MatMulInteger"))) {
      return false;
    }
    Node dynamic = draft.producer(sums.input(), "DynamicQuantizeLinear");
    String scale = dynamic == null ? null : weightScale(scales, dynamic);
    if (dynamic == null
        || scale == null
        || dynamic.inputs().isEmpty()
        || !Objects.equals(Draft.input(sums, 2), output(dynamic, 2))) {
      return false;
    }
    String weights = sums.inputs().get(1);
    if (!(draft.constant(weights) instanceof Constant.Integers codes)
        || !(draft.constant(scale) instanceof Constant factors)
        || factors.element() != ElementType.FLOAT) {
      return false;
    }
    int axis = convolution ? 0 : codes.shape().rank() - 1;
    int count = (int) factors.shape().elements();
    if (count != 1 && (codes.shape().rank() < 2 || codes.shape().dim(axis) != count)) {
      return false;
    }
    List<String> inputs = new ArrayList<>(List.of(weights));
    inputs.add(draft.constant(scale + "/scale", factors.reshaped(vector(count))));
    String zero = Draft.input(sums, 3);
    if (zero != null) {
      if (!(draft.constant(zero) instanceof Constant.Integers zeros)) {
        return false;
      }
      inputs.add(draft.constant(zero + "/zero", spread(zeros, count)));
    }
    SortedMap<String, Attribute> along = new TreeMap<>();
    along.put("axis", new Attribute.Int(axis));
    String decoded = draft.add(node, "DequantizeLinear", along, weights + "/decoded", inputs);
    draft.add(
        node,
        convolution ? "Conv" : "MatMul",
        op.attributes(),
        node.output(),
        List.of(dynamic.input(), decoded));
    return true;
  }

  private static @Nullable String output(Node node, int index) {
    return index < node.outputs().size() ? node.outputs().get(index) : null;
  }

  /** The other factor of a product with the scale of a dynamic quantiser. */
  private static @Nullable String weightScale(Node product, Node dynamic) {
    String scale = output(dynamic, 1);
    if (scale == null || product.inputs().size() != 2) {
      return null;
    }
    return product.inputs().get(0).equals(scale)
        ? product.inputs().get(1)
        : product.inputs().get(1).equals(scale) ? product.inputs().get(0) : null;
  }

  private static Shape vector(int count) {
    return count == 1 ? Shape.SCALAR : Shape.of(count);
  }

  private static Constant spread(Constant.Integers zeros, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = zeros.values()[zeros.values().length == count ? i : 0];
    }
    return new Constant.Integers(zeros.element(), vector(count), values);
  }
}
