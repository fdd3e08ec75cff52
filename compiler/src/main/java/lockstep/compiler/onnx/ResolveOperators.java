// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.operators.Evaluation;
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
  private final Set<Node> folded = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Values that depend on the model's inputs. */
  private final Set<String> varying;

  private final Set<String> used = new HashSet<>();

  private ResolveOperators(Graph raw) {
    this.raw = raw;
    this.types = new HashMap<>(raw.types());
    this.constants = new HashMap<>(raw.constants());
    this.varying = new HashSet<>(raw.inputs());
    raw.nodes().forEach(n -> used.addAll(n.inputs()));
    raw.outputs().forEach(o -> used.add(o.value()));
  }

  /**
   * @throws UserError for an operator that neither the machine nor the host can run, and for inputs
   *     that do not fit their operator
   */
  public static Graph apply(Graph raw) {
    return new ResolveOperators(raw).run();
  }

  /**
   * The value if it does not depend on the inputs, else null; looks only at the nodes that it is
   * computed from.
   *
   * @throws UserError as {@link #apply}, for these nodes
   */
  static @Nullable Constant constant(Graph raw, String value) {
    Set<String> needed = new HashSet<>(Set.of(value));
    List<Node> nodes = new ArrayList<>();
    for (Node node : raw.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        nodes.add(node);
        needed.addAll(node.inputs());
      }
    }
    ResolveOperators part =
        new ResolveOperators(
            new Graph(
                raw.name(),
                raw.opset(),
                raw.inputs(),
                nodes.reversed(),
                raw.outputs(),
                raw.types(),
                raw.constants(),
                Map.of()));
    part.run();
    return part.constant(value);
  }

  private Graph run() {
    Set<String> written = new HashSet<>(raw.constants().keySet());
    written.addAll(raw.inputs());
    raw.inputs().forEach(this::requireSize);
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
      try {
        Map<String, Constant> known =
            ForeignTypes.fromTypes(node, foreign, this::type, raw.opset());
        if (known != null) {
          constants.putAll(known);
        } else {
          new OperatorForms(this, node, foreign).resolve().forEach(this::add);
        }
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
    nodes.removeIf(folded::contains);
    return new Graph(
        raw.name(), raw.opset(), raw.inputs(), nodes, raw.outputs(), types, constants, Map.of());
  }

  private void add(Node node) {
    if (node.op() instanceof Op.Foreign foreign) {
      types.putAll(
          ForeignTypes.of(
              node, foreign, this::type, this::constant, this::whatGivesIt, raw.opset()));
    } else {
      Constant first = constants.get(node.input());
      List<ValueType> inputs = node.inputs().stream().map(this::type).toList();
      TypedOperands.require(node.op(), inputs);
      types.put(node.output(), TypeInference.infer(node.op(), inputs, first));
    }
    node.outputs().stream().filter(types::containsKey).forEach(this::requireSize);
    nodes.add(node);
    node.outputs().forEach(o -> producers.put(o, node));
    if (node.inputs().stream().anyMatch(varying::contains)) {
      node.outputs().stream().filter(o -> !o.isEmpty()).forEach(varying::add);
    }
  }

  private void requireSize(String value) {
    if (type(value).shape().elements() > Evaluation.MOST_ELEMENTS) {
      throw new UserError(
          "value '"
              + value
              + "' is "
              + type(value)
              + ", more than "
              + Evaluation.MOST_ELEMENTS
              + " elements; make the model smaller");
    }
  }

  int opset() {
    return raw.opset();
  }

  ValueType type(String value) {
    Constant constant = constants.get(value);
    ValueType type = constant != null ? constant.type() : types.get(value);
    if (type == null) {
      throw new IllegalArgumentException("the input '" + value + "' is missing");
    }
    return type;
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
    List<String> pending = new ArrayList<>();
    if (!constants.containsKey(value) && !varying.contains(value)) {
      pending.add(value);
    }
    while (!pending.isEmpty()) {
      Node producer = producers.get(pending.getLast());
      if (producer == null) {
        return null;
      }
      List<String> missing =
          producer.inputs().stream()
              .filter(i -> !i.isEmpty() && !constants.containsKey(i))
              .toList();
      if (missing.isEmpty()) {
        fold(producer);
        pending.removeLast();
      } else {
        pending.addAll(missing);
      }
    }
    return constants.get(value);
  }

  private void fold(Node node) {
    if (folded.add(node)) {
      Map<String, Constant> inputs = new HashMap<>();
      node.inputs().stream()
          .filter(i -> !i.isEmpty())
          .forEach(i -> inputs.put(i, Objects.requireNonNull(constants.get(i), i)));
      Map<String, Constant> results =
          ConstantEvaluation.evaluate(node, inputs, Math.max(7, raw.opset()));
      constants.putAll(results);
      results.keySet().forEach(types::remove);
    }
  }

  /** The option that makes a value constant where it is a small integer input of the model. */
  private String whatGivesIt(String value) {
    ValueType type = types.get(value);
    return raw.inputs().contains(value)
            && type != null
            && type.element() != ElementType.FLOAT
            && type.shape().elements() > 0
        ? "; it is an input of the model: give its elements with --dim '" + value + "[0]=N' ..."
        : "";
  }

  boolean isUsed(String value) {
    return used.contains(value);
  }
}
