// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;

/**
 * Operators that move or select codes whose encoding is known do so with the floats instead.
 *
 * <pre>
 * q (s, z) -> MaxPool    becomes    q -> DequantizeLinear(s, z) -> MaxPool -> QuantizeLinear(s, z)
 * </pre>
 *
 * The result is the same: decoding keeps the order, and encoding a decoded code gives it back.
 */
final class CodedMoves {
  private static final Set<String> MOVES =
      Set.of(
          "DepthToSpace",
          "Expand",
          "Flatten",
          "GlobalMaxPool",
          "Identity",
          "MaxPool",
          "Reshape",
          "Slice",
          "SpaceToDepth",
          "Squeeze",
          "Tile",
          "Transpose",
          "Unsqueeze");

  private final Draft draft;
  private final CodedOperators coded;

  CodedMoves(Draft draft, CodedOperators coded) {
    this.draft = draft;
    this.coded = coded;
  }

  static boolean knows(String type) {
    return MOVES.contains(type);
  }

  boolean rewrite(Node node) {
    if (!MOVES.contains(Draft.type(node))
        || node.inputs().isEmpty()
        || node.outputs().size() != 1
        || !(node.op() instanceof Op.Foreign op)) {
      return false;
    }
    CodedOperators.Code code = coded.code(node.input());
    if (code == null || code.zero() == null) {
      return false;
    }
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, coded.decoded(node, node.input(), code, 1));
    String moved = draft.add(node, op.type(), op.attributes(), node.output() + "/float", inputs);
    coded.encode(node, moved, code);
    return true;
  }
}
