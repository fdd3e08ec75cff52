// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.List;
import java.util.Map;

/**
 * A float network in static single assignment: every value has one producer (a graph input, a
 * constant or a node) and a name. Nodes are in execution order.
 *
 * @param opset version of the default ONNX operator set that {@link Op.Foreign} nodes mean
 * @param inputs names of the values a caller supplies
 * @param outputs what a caller gets
 * @param types of inputs and of every node's outputs
 * @param constants by name
 * @param quantisations of values whose int8 encoding the model itself prescribes
 */
public record Graph(
    String name,
    int opset,
    List<String> inputs,
    List<Node> nodes,
    List<Result> outputs,
    Map<String, ValueType> types,
    Map<String, Constant> constants,
    Map<String, Encoding> quantisations) {

  /** An output: the name that callers know and the value that it is. */
  public record Result(String name, String value) {}

  public Graph {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    types = Map.copyOf(types);
    constants = Map.copyOf(constants);
    quantisations = Map.copyOf(quantisations);
  }

  /** The type of any value, constants included. */
  public ValueType type(String value) {
    Constant constant = constants.get(value);
    ValueType type = constant != null ? constant.type() : types.get(value);
    if (type == null) {
      throw new IllegalArgumentException("no value '" + value + "' in graph " + name);
    }
    return type;
  }
}
