// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Gives every value a type and every operator that the compiler knows its own form.
 *
 * <p>Sizes that a model computes (Shape, Gather, Concat into Reshape) are evaluated as operators
 * ask for them. Operators without an own form, or in a form that the graph cannot say, stay {@link
 * Op.Foreign}.
 */
public final class ResolveOperators {
  private static final Set<String> RANDOM =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  private final Graph raw;
  private final Map<String, ValueType> types;
  private final Map<String, Constant> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private ResolveOperators(Graph raw) {
    this.raw = raw;
    this.types = new HashMap<>(raw.types());
    this.constants = new HashMap<>(raw.constants());
  }

  /**
   * @throws UserError for an operator that neither the machine nor the host can run, and for inputs
   *     that do not fit their operator
   */
  public static Graph apply(Graph raw) {
    return new ResolveOperators(raw).run();
  }

  private Graph run() {
    Set<String> written = new HashSet<>(raw.constants().keySet());
    written.addAll(raw.inputs());
    for (Node node : raw.nodes()) {
      if (!(node.op() instanceof Op.Foreign foreign)) {
        add(node);
        continue;
      }
      if (node.outputs().isEmpty() || node.output().isEmpty()) {
        throw ForeignTypes.unsupported(node, foreign, "its first output has no name");
      }
      if (RANDOM.contains(foreign.type())) {
        throw ForeignTypes.unsupported(node, foreign, "its result is random");
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !written.add(output)) {
          throw new UserError("two nodes write '" + output + "'; the file is damaged");
        }
      }
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !types.containsKey(input) && !constants.containsKey(input)) {
          throw new UserError(
              "node '" + node.name() + "' reads '" + input + "', which nothing before it writes");
        }
      }
      if (foreign.domain().isEmpty() && foreign.type().equals("Shape")) {
        long[] dims = type(node.input()).shape().toLongs();
        if (foreign.attributes().isEmpty()) {
          constants.put(
              node.output(), new Constant.Integers(ElementType.INT64, Shape.of(dims.length), dims));
          continue;
        }
      }
      try {
        new OperatorForms(this, node, foreign).resolve().forEach(this::add);
      } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
        // attributes and inputs of a file can be anything; whatever does not fit together ends here
        throw ForeignTypes.unsupported(
            node,
            foreign,
            "its inputs and attributes do not fit together (" + e.getMessage() + ")");
      }
    }
    for (Graph.Result output : raw.outputs()) {
      if (!types.containsKey(output.value()) && !constants.containsKey(output.value())) {
        throw new UserError("nothing writes the model's output '" + output.name() + "'");
      }
    }
    return new Graph(
        raw.name(), raw.opset(), raw.inputs(), nodes, raw.outputs(), types, constants, Map.of());
  }

  private void add(Node node) {
    if (node.op() instanceof Op.Foreign foreign) {
      types.putAll(
          ForeignTypes.of(node, foreign, this::type, constants::get, Math.max(7, raw.opset())));
    } else {
      Constant first = constants.get(node.input());
      types.put(
          node.output(),
          TypeInference.infer(node.op(), node.inputs().stream().map(this::type).toList(), first));
    }
    nodes.add(node);
    node.outputs().forEach(o -> producers.put(o, node));
  }

  int opset() {
    return raw.opset();
  }

  ValueType type(String value) {
    Constant constant = constants.get(value);
    return constant != null ? constant.type() : Objects.requireNonNull(types.get(value), value);
  }

  String addConstant(String name, Constant constant) {
    String fresh = name;
    for (int i = 2; constants.containsKey(fresh) || types.containsKey(fresh); i++) {
      fresh = name + "." + i;
    }
    constants.put(fresh, constant);
    return fresh;
  }

  /** The value if it does not depend on the model's inputs, else null. */
  @Nullable Constant constant(String value) {
    Constant known = constants.get(value);
    Node producer = producers.get(value);
    if (known != null || producer == null) {
      return known;
    }
    Map<String, Constant> inputs = new HashMap<>();
    for (String input : producer.inputs()) {
      Constant constant = input.isEmpty() ? null : constant(input);
      if (constant == null && !input.isEmpty()) {
        return null;
      }
      if (constant != null) {
        inputs.put(input, constant);
      }
    }
    Map<String, Constant> results =
        ConstantEvaluation.evaluate(producer, inputs, Math.max(7, raw.opset()));
    constants.putAll(results);
    nodes.remove(producer);
    results.keySet().forEach(types::remove);
    return constants.get(value);
  }

  boolean isUsed(String value) {
    return raw.outputs().stream().anyMatch(o -> o.value().equals(value))
        || raw.nodes().stream().anyMatch(n -> n.inputs().contains(value));
  }
}
