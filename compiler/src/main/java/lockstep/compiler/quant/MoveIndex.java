// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.operators.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * Which element of its one activation each element of a node's results is. It is found by running
 * the operator's own definition on numbered elements, twice with other numbers: what is equal in
 * both is no element but a constant that fills.
 */
final class MoveIndex {
  /** Numbers up to here are exact in single precision. */
  private static final long MOST_ELEMENTS = 1 << 23;

  private static final Set<String> MOVES =
      Set.of(
          "CenterCropPad",
          "Compress",
          "DepthToSpace",
          "Dropout",
          "Expand",
          "Flatten",
          "Gather",
          "GatherElements",
          "GatherND",
          "Pad",
          "ReverseSequence",
          "Slice",
          "SpaceToDepth",
          "Split",
          "Squeeze",
          "Tile",
          "Trilu",
          "Unsqueeze",
          "Where");

  private MoveIndex() {}

  /** The moves by output; those that are none are absent. */
  static Map<String, LanePlan.Moved> of(Graph graph, Node node) {
    Map<String, LanePlan.Moved> found = new LinkedHashMap<>();
    String input = source(graph, node);
    if (input == null) {
      return found;
    }
    Shape shape = graph.type(input).shape();
    if (node.op() instanceof Op.Reshape || node.op() instanceof Op.Identity) {
      found.put(node.output(), new LanePlan.Moved(input, null, 0));
      return found;
    }
    if (shape.elements() == 0 || shape.elements() > MOST_ELEMENTS) {
      return found;
    }
    int count = (int) shape.elements();
    List<Constant> first;
    List<Constant> second;
    try {
      first = evaluated(graph, node, input, shape, 1);
      second = evaluated(graph, node, input, shape, 1 + count);
    } catch (UserError e) {
      return found;
    }
    for (int o = 0; o < node.outputs().size(); o++) {
      String output = node.outputs().get(o);
      LanePlan.Moved move =
          output.isEmpty()
              ? null
              : move(input, count, first.get(o).floats(), second.get(o).floats());
      if (move != null) {
        found.put(output, move);
      }
    }
    return found;
  }

  /** The one activation of a node that may move it; null if there is none. */
  private static @Nullable String source(Graph graph, Node node) {
    boolean moves =
        switch (node.op()) {
          case Op.Reshape _, Op.Identity _, Op.Transpose _, Op.Pad _ -> true;
          case Op.Foreign foreign -> moves(foreign);
          case Op _ -> false;
        };
    List<String> activations =
        node.inputs().stream()
            .filter(i -> !i.isEmpty() && !graph.constants().containsKey(i))
            .toList();
    return moves
            && activations.size() == 1
            && graph.type(activations.getFirst()).element() == ElementType.FLOAT
        ? activations.getFirst()
        : null;
  }

  private static boolean moves(Op.Foreign op) {
    boolean nearest =
        !(op.attributes().get("mode") instanceof Attribute.Text(String mode))
            || mode.equals("nearest");
    return op.domain().isEmpty()
        && switch (op.type()) {
          case "Resize", "Upsample" -> nearest;
          case String type -> MOVES.contains(type);
        };
  }

  private static List<Constant> evaluated(
      Graph graph, Node node, String input, Shape shape, int firstNumber) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = firstNumber + i;
    }
    List<@Nullable Constant> operands = new ArrayList<>();
    for (String each : node.inputs()) {
      operands.add(
          each.equals(input) ? new Constant.Floats(shape, numbers) : graph.constants().get(each));
    }
    return Evaluation.of(node, operands, graph.opset());
  }

  /** What an operator with one result does to the elements of its input "x". */
  static LanePlan.@Nullable Moved probed(
      Graph graph, Node node, Shape shape, Map<String, Constant> constants) {
    if (2 * shape.elements() > MOST_ELEMENTS) {
      return null;
    }
    int count = (int) shape.elements();
    float[] first = numbered(graph, node, shape, constants, 1);
    float[] second = numbered(graph, node, shape, constants, 1 + count);
    return move("x", count, first, second);
  }

  private static float[] numbered(
      Graph graph, Node node, Shape shape, Map<String, Constant> constants, int firstNumber) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = firstNumber + i;
    }
    List<@Nullable Constant> operands = new ArrayList<>();
    for (String each : node.inputs()) {
      operands.add(each.equals("x") ? new Constant.Floats(shape, numbers) : constants.get(each));
    }
    return Evaluation.of(node, operands, graph.opset()).getFirst().floats();
  }

  private static LanePlan.@Nullable Moved move(
      String input, int count, float[] first, float[] second) {
    int[] index = new int[first.length];
    Float fill = null;
    boolean inOrder = index.length == count;
    for (int i = 0; i < index.length; i++) {
      float at = first[i] - 1;
      if (first[i] == second[i]) {
        if (fill != null && fill != first[i]) {
          return null;
        }
        fill = first[i];
        index[i] = -1;
      } else if (second[i] - first[i] == count && at >= 0 && at < count && at == (int) at) {
        index[i] = (int) at;
      } else {
        return null;
      }
      inOrder &= index[i] == i;
    }
    return new LanePlan.Moved(input, inOrder ? null : index, fill == null ? 0 : fill);
  }
}
