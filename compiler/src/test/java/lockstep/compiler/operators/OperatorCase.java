// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;

/** One use of an operator; absent inputs are null. */
record OperatorCase(Op.Foreign op, int opset, List<Constant> inputs, int outputs) {

  String key() {
    return op.domain().isEmpty() ? op.type() : op.domain() + "." + op.type();
  }

  List<Constant> evaluated() {
    return Evaluation.of(node(), inputs, opset);
  }

  Call call() {
    return Call.of(op, opset, inputs, outputs);
  }

  Node node() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      names.add(inputs.get(i) == null ? "" : "i" + i);
    }
    return new Node("n", op, names, results(), List.of());
  }

  List<String> results() {
    return IntStream.range(0, outputs).mapToObj(i -> "o" + i).toList();
  }

  /** A model of this node alone whose inputs are constants. */
  Graph graph() {
    Map<String, Constant> constants = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i) != null) {
        constants.put("i" + i, inputs.get(i));
      }
    }
    return new Graph(
        "case",
        opset,
        List.of(),
        List.of(node()),
        results().stream().map(r -> new Graph.Result(r, r)).toList(),
        Map.of(),
        constants,
        Map.of());
  }

  @Override
  public String toString() {
    List<String> types = inputs.stream().map(i -> i == null ? "-" : i.type().toString()).toList();
    return key() + " opset " + opset + " " + op.attributes() + " of " + types;
  }
}
