// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.onnx.OnnxWriter;

/** A model for each operator case: the node alone, its first input an input of the model. */
public final class OperatorModels {
  private OperatorModels() {}

  /**
   * A model of one node.
   *
   * @param operator its name, with the domain in front where it is not the default one
   */
  public record Model(String operator, int opset, Graph graph) {
    public byte[] bytes() {
      return OnnxWriter.write(graph);
    }
  }

  public static List<Model> all() {
    return OperatorsTest.cases().stream()
        .filter(one -> !one.inputs().isEmpty() && one.inputs().getFirst() != null)
        .map(OperatorModels::of)
        .toList();
  }

  private static Model of(OperatorCase one) {
    List<String> inputs = new ArrayList<>();
    Map<String, ValueType> types = new HashMap<>();
    Map<String, Constant> constants = new HashMap<>(one.graph().constants());
    for (int i = 0; i < one.inputs().size(); i++) {
      Constant input = one.inputs().get(i);
      boolean floats = input != null && input.element() == ElementType.FLOAT;
      if (i == 0 || (floats && i == 1 && input.shape().equals(one.inputs().getFirst().shape()))) {
        inputs.add("i" + i);
        types.put("i" + i, input.type());
        constants.remove("i" + i);
      }
    }
    List<Constant> results = one.evaluated();
    for (int i = 0; i < one.outputs(); i++) {
      types.put("o" + i, results.get(i).type());
    }
    return new Model(
        one.key(),
        one.opset(),
        new Graph(
            "case",
            one.opset(),
            inputs,
            List.of(one.node()),
            one.graph().outputs(),
            types,
            constants,
            Map.of()));
  }
}
