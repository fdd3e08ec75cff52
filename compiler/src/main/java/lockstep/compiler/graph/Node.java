// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.List;

/**
 * One operation.
 *
 * @param name unique in its graph
 * @param outputs one, except for a {@link Op.Foreign}
 * @param source names of the ONNX nodes this was made from
 */
public record Node(
    String name, Op op, List<String> inputs, List<String> outputs, List<String> source) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    source = List.copyOf(source);
  }

  public String output() {
    return outputs.getFirst();
  }

  public String input() {
    return inputs.getFirst();
  }

  public Node with(Op changed) {
    return new Node(name, changed, inputs, outputs, source);
  }

  public Node withInputs(List<String> changed) {
    return new Node(name, op, changed, outputs, source);
  }

  public Node withOutput(String changed) {
    return new Node(name, op, inputs, List.of(changed), source);
  }

  public Node withSource(List<String> changed) {
    return new Node(name, op, inputs, outputs, changed);
  }
}
