// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.operators.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * The value of a node whose inputs are all constant: copies and fills without touching elements,
 * known operators by their definition, others by ONNX Runtime.
 */
public final class ConstantEvaluation {
  private ConstantEvaluation() {}

  /** Constants of the node's outputs, in order. */
  public static Map<String, Constant> evaluate(Node node, Map<String, Constant> inputs, int opset) {
    Constant first = node.inputs().isEmpty() ? null : inputs.get(node.input());
    return switch (node.op()) {
      case Op.Identity _ when first != null -> Map.of(node.output(), first);
      case Op.Reshape reshape when first != null && !(first instanceof Constant.Codes) ->
          Map.of(node.output(), first.reshaped(reshape.shape()));
      case Op.ConstantOfShape fill when first instanceof Constant.Integers dims ->
          Map.of(node.output(), new Constant.Splat(Shape.of(dims.values()), fill.value()));
      case Op.Transpose t when first instanceof Constant.Splat splat ->
          Map.of(
              node.output(),
              new Constant.Splat(splat.shape().permuted(t.permutation()), splat.value()));
      case Op op when Evaluation.knows(op) -> byDefinition(node, inputs, opset);
      case Op _ -> byRuntime(node, inputs, opset);
    };
  }

  private static Map<String, Constant> byDefinition(
      Node node, Map<String, Constant> inputs, int opset) {
    List<@Nullable Constant> operands = new ArrayList<>();
    node.inputs().forEach(i -> operands.add(inputs.get(i)));
    List<Constant> results = Evaluation.of(node, operands, opset);
    Map<String, Constant> named = new LinkedHashMap<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        named.put(node.outputs().get(i), results.get(i));
      }
    }
    return named;
  }

  private static Map<String, Constant> byRuntime(
      Node node, Map<String, Constant> inputs, int opset) {
    Map<String, Constant> used = new HashMap<>();
    node.inputs().stream().filter(i -> !i.isEmpty()).forEach(i -> used.put(i, inputs.get(i)));
    List<String> outputs = node.outputs().stream().filter(o -> !o.isEmpty()).toList();
    Graph single =
        new Graph(
            node.name(),
            opset,
            List.of(),
            List.of(node),
            outputs.stream().map(o -> new Graph.Result(o, o)).toList(),
            Map.of(),
            used,
            Map.of());
    try (HostSession session =
        HostSession.open(OnnxWriter.write(single), "node '" + node.name() + "'")) {
      return new LinkedHashMap<>(session.run(Map.of()));
    }
  }
}
