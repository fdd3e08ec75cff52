// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/** The value of one node from those of its inputs. */
public final class Evaluation {
  /** No value may have more: a quarter of a gigabyte of floats. */
  public static final long MOST_ELEMENTS = 1L << 26;

  private Evaluation() {}

  /** Whether the operator is the graph's own or in {@link Operators}. */
  public static boolean knows(Op op) {
    return !(op instanceof Op.Foreign foreign) || Operators.find(foreign) != null;
  }

  /**
   * @param operands in the node's order, null where absent
   * @param opset version of the default operator set that an {@link Op.Foreign} means
   * @return at least one value for each of the node's outputs
   * @throws UserError for an operator that is not known, and for operands that do not fit
   */
  public static List<Constant> of(Node node, List<@Nullable Constant> operands, int opset) {
    try {
      return switch (node.op()) {
        case Op.Foreign foreign -> foreign(foreign, operands, opset, node.outputs().size());
        case Op typed -> List.of(TypedOperators.evaluate(typed, operands));
      };
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new UserError(
          "node '"
              + node.name()
              + "' ("
              + (node.op() instanceof Op.Foreign f ? f.type() : node.op())
              + ") cannot be evaluated: "
              + e.getMessage());
    }
  }

  private static List<Constant> foreign(
      Op.Foreign op, List<@Nullable Constant> operands, int opset, int outputs) {
    Operator operator = Operators.find(op);
    if (operator == null) {
      throw new IllegalArgumentException("there is no definition of this operator");
    }
    return results(operator, Call.of(op, opset, operands, outputs));
  }

  /** The results, after a look at their sizes. */
  static List<Constant> results(Operator operator, Call call) {
    for (ValueType type : operator.types(call)) {
      Call.requires(
          type.shape().elements() <= MOST_ELEMENTS,
          "its result " + type + " has more than " + MOST_ELEMENTS + " elements");
    }
    List<Constant> results = operator.evaluate(call);
    Call.requires(results.size() >= call.outputs(), "it has " + results.size() + " results");
    return results;
  }
}
