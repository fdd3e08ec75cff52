// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import org.jspecify.annotations.Nullable;

/** Output types of an operator that stays in its ONNX form, as ONNX Runtime infers them. */
final class ForeignTypes {
  private ForeignTypes() {}

  /**
   * @param constants the constant of a value, or null
   * @throws UserError if ONNX Runtime does not know the operator or a shape is not static
   */
  static Map<String, ValueType> of(
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
