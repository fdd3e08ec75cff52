// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Fake quantisation to fewer codes than the type has, as PyTorch exports it: the value is clipped
 * before it is quantised instead of after.
 *
 * <pre>
 * x -> QuantizeLinear(s, z) -> Clip(low, high)
 *
 * becomes    x -> Clip(s (low - z), s (high - z)) -> QuantizeLinear(s, z)
 * </pre>
 *
 * Quantising keeps the order, so that the codes are the same. Does not fire for constants, whose
 * codes are folded.
 */
final class ClippedCodes {
  private ClippedCodes() {}

  static boolean rewrite(Draft draft, Node node) {
    Node quantise =
        Draft.type(node).equals("Clip") && !node.inputs().isEmpty()
            ? draft.producer(node.input(), "QuantizeLinear")
            : null;
    if (quantise == null || node.inputs().size() < 2 || quantise.inputs().size() < 3) {
      return false;
    }
    Constant scale = draft.constant(quantise.inputs().get(1));
    if (scale == null
        || scale.element() != ElementType.FLOAT
        || scale.shape().elements() != 1
        || draft.constant(quantise.input()) != null
        || !(draft.constant(quantise.inputs().get(2)) instanceof Constant.Integers zero)
        || zero.values().length != 1) {
      return false;
    }
    List<String> inputs = new ArrayList<>(List.of(real(draft, node, quantise)));
    for (int i = 1; i < node.inputs().size(); i++) {
      String name = node.inputs().get(i);
      Constant bound = bound(draft, name, scale.floats()[0], zero.values()[0]);
      if (bound == null && !name.isEmpty()) {
        return false;
      }
      inputs.add(bound == null ? "" : draft.constant(name + "/real", bound));
    }
    String clipped = draft.add(node, "Clip", new TreeMap<>(), node.output() + "/clipped", inputs);
    List<String> encoded = new ArrayList<>(quantise.inputs());
    encoded.set(0, clipped);
    draft.add(node, "QuantizeLinear", new TreeMap<>(), node.output(), encoded);
    return true;
  }

  /** The value that is quantised; one that comes from outside keeps its encoding. */
  private static String real(Draft draft, Node node, Node quantise) {
    if (draft.producer(quantise.input()) != null) {
      return quantise.input();
    }
    List<String> codes = new ArrayList<>(quantise.inputs());
    codes.set(0, quantise.output());
    return draft.add(
        node, "DequantizeLinear", new TreeMap<>(), quantise.output() + "/decoded", codes);
  }

  private static @Nullable Constant bound(Draft draft, String name, float scale, long zero) {
    return draft.constant(name) instanceof Constant.Integers code && code.values().length == 1
        ? new Constant.Floats(Shape.SCALAR, new float[] {scale * (code.values()[0] - zero)})
        : null;
  }
}
