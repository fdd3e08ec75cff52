// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.operators.Call;
import lockstep.compiler.operators.Operator;
import lockstep.compiler.operators.Operators;
import lockstep.compiler.operators.UnknownValue;
import org.jspecify.annotations.Nullable;

/**
 * Output types of an operator that stays in its ONNX form: by its definition in {@link Operators},
 * or as ONNX Runtime infers them for one that is not there.
 */
final class ForeignTypes {
  private static final Set<String> TYPES_ALONE = Set.of("Shape", "Size");

  private ForeignTypes() {}

  /**
   * @param constants the constant of a value, or null; asked where a shape depends on it
   * @param hint what to do about a value that is not constant, or nothing
   * @throws UserError if nobody knows the operator, its inputs do not fit together, or a shape is
   *     not static
   */
  static Map<String, ValueType> of(
      Node node,
      Op.Foreign op,
      Function<String, ValueType> types,
      Function<String, @Nullable Constant> constants,
      Function<String, String> hint,
      int opset) {
    Operator operator = Operators.find(op);
    if (operator != null) {
      try {
        List<ValueType> inferred = operator.types(call(node, op, types, constants, opset));
        if (inferred.size() >= node.outputs().size()) {
          return named(node, inferred);
        }
      } catch (UnknownValue e) {
        throw unsupported(node, op, e.getMessage() + advice(node, e.input(), hint));
      }
    }
    return byRuntime(node, op, types, constants, Math.max(7, opset));
  }

  private static String advice(Node node, int input, Function<String, String> hint) {
    return input < node.inputs().size() ? hint.apply(node.inputs().get(input)) : "";
  }

  /** The value of an operator that asks for its inputs' types alone, else null. */
  static @Nullable Map<String, Constant> fromTypes(
      Node node, Op.Foreign op, Function<String, ValueType> types, int opset) {
    Operator operator = Operators.find(op);
    if (operator == null || !TYPES_ALONE.contains(op.type())) {
      return null;
    }
    Call call = call(node, op, types, _ -> null, opset);
    return Map.of(node.output(), operator.evaluate(call).getFirst());
  }

  private static Call call(
      Node node,
      Op.Foreign op,
      Function<String, ValueType> types,
      Function<String, @Nullable Constant> constants,
      int opset) {
    List<@Nullable ValueType> inputs = new ArrayList<>();
    node.inputs().forEach(i -> inputs.add(i.isEmpty() ? null : types.apply(i)));
    return new Call(
        op.type(),
        op.attributes(),
        opset,
        inputs,
        i -> constants.apply(node.inputs().get(i)),
        node.outputs().size());
  }

  private static Map<String, ValueType> named(Node node, List<ValueType> inferred) {
    Map<String, ValueType> result = new LinkedHashMap<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        result.put(node.outputs().get(i), inferred.get(i));
      }
    }
    return result;
  }

  private static Map<String, ValueType> byRuntime(
      Node node,
      Op.Foreign op,
      Function<String, ValueType> types,
      Function<String, @Nullable Constant> constants,
      int opset) {
    Map<String, ValueType> inputTypes = new HashMap<>();
    Map<String, Constant> inputConstants = new HashMap<>();
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Constant constant = input.isEmpty() ? null : constants.apply(input);
      if (constant != null) {
        inputConstants.put(input, constant);
      } else if (!input.isEmpty() && !inputs.contains(input)) {
        inputs.add(input);
        inputTypes.put(input, types.apply(input));
      }
    }
    List<String> outputs = node.outputs().stream().filter(o -> !o.isEmpty()).toList();
    Graph single =
        new Graph(
            node.name(),
            opset,
            inputs,
            List.of(node),
            outputs.stream().map(o -> new Graph.Result(o, o)).toList(),
            inputTypes,
            inputConstants,
            Map.of());
    Map<String, TensorInfo> inferred;
    try (HostSession session = HostSession.open(OnnxWriter.write(single), "the operator")) {
      inferred = session.outputTypes();
    } catch (UserError e) {
      throw unsupported(node, op, String.valueOf(e.getMessage()));
    }
    Map<String, ValueType> result = new LinkedHashMap<>();
    for (String output : outputs) {
      TensorInfo info = inferred.get(output);
      ValueType type = info == null ? null : HostSession.valueType(info);
      if (type == null) {
        throw unsupported(
            node,
            op,
            "its output '"
                + output
                + "' is no tensor of a static shape and a supported"
                + " element type");
      }
      result.put(output, type);
    }
    return result;
  }

  static UserError unsupported(Node node, Op.Foreign op, String reason) {
    String type = op.domain().isEmpty() ? op.type() : op.domain() + "." + op.type();
    return new UserError(
        "operator " + type + " (node '" + node.name() + "') is not supported: " + reason);
  }
}
