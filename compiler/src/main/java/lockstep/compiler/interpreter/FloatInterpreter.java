// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.operators.Evaluation;
import org.jspecify.annotations.Nullable;

/**
 * Executes a float graph by the definitions of its operators, as read from a file or after any
 * pass, in single precision with sums in double. A value whose encoding the model prescribes is
 * rounded to it. Values are let go after their last use.
 */
public final class FloatInterpreter {
  private FloatInterpreter() {}

  /**
   * @param inputs by name; shapes may differ from the graph's where no operator minds
   * @return the graph's outputs by name, in its order
   * @throws UserError for an absent input, a value that nobody writes, an operator that {@link
   *     lockstep.compiler.operators.Operators} does not have, and operands that do not fit together
   */
  public static Map<String, Constant> run(Graph graph, Map<String, Constant> inputs) {
    Map<String, Integer> uses = new HashMap<>();
    graph.nodes().forEach(n -> n.inputs().forEach(i -> uses.merge(i, 1, Integer::sum)));
    graph.outputs().forEach(o -> uses.merge(o.value(), 1, Integer::sum));
    Map<String, Constant> values = new HashMap<>(graph.constants());
    for (String input : graph.inputs()) {
      Constant given = inputs.get(input);
      if (given == null) {
        throw new UserError("the model's input '" + input + "' is not given");
      }
      values.put(input, rounded(given, graph.quantisations().get(input)));
    }
    for (Node node : graph.nodes()) {
      List<@Nullable Constant> operands = new ArrayList<>();
      for (String input : node.inputs()) {
        operands.add(input.isEmpty() ? null : known(values, input));
      }
      List<Constant> results = Evaluation.of(node, operands, graph.opset());
      for (int i = 0; i < node.outputs().size(); i++) {
        String output = node.outputs().get(i);
        if (uses.containsKey(output)) {
          values.put(output, rounded(results.get(i), graph.quantisations().get(output)));
        }
      }
      for (String input : node.inputs()) {
        if (uses.merge(input, -1, Integer::sum) == 0) {
          values.remove(input);
        }
      }
    }
    Map<String, Constant> outputs = new LinkedHashMap<>();
    for (Graph.Result output : graph.outputs()) {
      outputs.put(output.name(), known(values, output.value()));
    }
    return outputs;
  }

  private static Constant known(Map<String, Constant> values, String name) {
    Constant value = values.get(name);
    if (value == null) {
      throw new UserError(
          "'" + name + "' is read, which nothing before writes; the file is damaged");
    }
    return value;
  }

  private static Constant rounded(Constant value, @Nullable Encoding quantisation) {
    if (quantisation == null) {
      return value;
    }
    float[] values = value.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = quantisation.dequantise(quantisation.quantise(values[i]));
    }
    return new Constant.Floats(value.shape(), values);
  }
}
