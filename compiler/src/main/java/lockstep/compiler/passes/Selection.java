// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A range of one dimension of a value, as Gather of one index, Slice and Split take it.
 *
 * @param from first element
 * @param to the one behind the last
 */
public record Selection(Node node, String output, int axis, int from, int to) {

  /** What the node takes of the value, or null if it does anything else. */
  public static @Nullable List<Selection> of(Rewrite rewrite, Node node, String value) {
    if (!(node.op() instanceof Op.Foreign op)
        || !op.domain().isEmpty()
        || !node.input().equals(value)
        || node.inputs().lastIndexOf(value) > 0) {
      return null;
    }
    Shape shape = rewrite.shape(value);
    return switch (op.type()) {
      case "Gather" -> gather(rewrite, node, op, shape);
      case "Split" -> split(rewrite, node, op, shape);
      case "Slice" -> slice(rewrite, node, shape);
      default -> null;
    };
  }

  private static @Nullable List<Selection> gather(
      Rewrite rewrite, Node node, Op.Foreign op, Shape shape) {
    int axis = Math.floorMod(integer(op, "axis", 0), shape.rank());
    if (!(rewrite.constant(node.inputs().get(1)) instanceof Constant.Integers index)
        || index.values().length != 1) {
      return null;
    }
    int at = (int) index.values()[0];
    at = at < 0 ? at + shape.dim(axis) : at;
    return List.of(new Selection(node, node.output(), axis, at, at + 1));
  }

  private static @Nullable List<Selection> split(
      Rewrite rewrite, Node node, Op.Foreign op, Shape shape) {
    int axis = Math.floorMod(integer(op, "axis", 0), shape.rank());
    List<Selection> parts = new ArrayList<>();
    int at = 0;
    for (String output : node.outputs()) {
      if (output.isEmpty()) {
        return null;
      }
      int size = rewrite.shape(output).dim(axis);
      if (!rewrite.consumers(output).isEmpty() || rewrite.isOutput(output)) {
        parts.add(new Selection(node, output, axis, at, at + size));
      }
      at += size;
    }
    return parts;
  }

  /** One axis in steps of 1, in the form with inputs (from operator set 10 on). */
  private static @Nullable List<Selection> slice(Rewrite rewrite, Node node, Shape shape) {
    long[] numbers = new long[] {0, 0, 0, 1};
    for (int i = 1; i < 5; i++) {
      if (node.inputs().size() > i) {
        if (!(rewrite.constant(node.inputs().get(i)) instanceof Constant.Integers given)
            || given.values().length != 1) {
          return null;
        }
        numbers[i - 1] = given.values()[0];
      } else if (i < 4) {
        return null;
      }
    }
    if (numbers[3] != 1) {
      return null;
    }
    int axis = (int) Math.floorMod(numbers[2], (long) shape.rank());
    int size = shape.dim(axis);
    long from = Math.clamp(numbers[0] < 0 ? numbers[0] + size : numbers[0], 0, size);
    long to = Math.clamp(numbers[1] < 0 ? numbers[1] + size : numbers[1], 0, size);
    return to <= from
        ? null
        : List.of(new Selection(node, node.output(), axis, (int) from, (int) to));
  }

  private static int integer(Op.Foreign op, String name, int otherwise) {
    return op.attributes().get(name) instanceof Attribute.Int i ? (int) i.value() : otherwise;
  }
}
