// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeSet;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.operators.Evaluation;
import lockstep.compiler.operators.Operators;
import org.jspecify.annotations.Nullable;

/**
 * A value each of whose elements is a function of one element of another value, however many
 * operators lie between: one table, rounded once.
 *
 * <pre>
 * root -> Abs -> Add 1 -> b        root / b  is  root / (1 + |root|)
 * </pre>
 *
 * @param steps places of the operators in the graph's list of nodes
 */
record CodeFunction(Graph graph, String root, SequencedSet<Integer> steps, String value) {
  private static final int CODES = 256;

  /** The functions among a graph's values, by name; values of other element types included. */
  static Map<String, CodeFunction> of(Graph graph) {
    Map<String, CodeFunction> found = new LinkedHashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      CodeFunction function = of(graph, i, found);
      if (function != null) {
        found.put(function.value(), function);
      }
    }
    return found;
  }

  private static @Nullable CodeFunction of(
      Graph graph, int place, Map<String, CodeFunction> known) {
    Node node = graph.nodes().get(place);
    if (!elementwise(graph, node)) {
      return null;
    }
    String root = null;
    SequencedSet<Integer> steps = new TreeSet<>();
    for (String input : node.inputs()) {
      Constant constant = graph.constants().get(input);
      if (input.isEmpty() || (constant != null && single(node, constant))) {
        continue;
      }
      CodeFunction before = known.get(input);
      String from = before == null ? input : before.root();
      if (constant != null || (root != null && !root.equals(from))) {
        return null;
      }
      root = from;
      if (before != null) {
        steps.addAll(before.steps());
      }
    }
    if (root == null
        || graph.type(root).element() != ElementType.FLOAT
        || !graph.type(root).shape().equals(graph.type(node.output()).shape())) {
      return null;
    }
    steps.add(place);
    return new CodeFunction(graph, root, steps, node.output());
  }

  private static boolean single(Node node, Constant constant) {
    return node.op() instanceof Op.Conv || constant.shape().elements() == 1;
  }

  private static boolean elementwise(Graph graph, Node node) {
    return node.outputs().size() == 1
        && switch (node.op()) {
          case Op.Activate _, Op.Add _, Op.Mul _, Op.Identity _ -> true;
          case Op.Conv conv -> !conv.residual() && line(graph, node, conv) != null;
          case Op.Foreign foreign -> Operators.elementwise(foreign);
          case Op _ -> false;
        };
  }

  /** Factor and summand of a convolution that does the same to every element; null for others. */
  static float @Nullable [] line(Graph graph, Node node, Op.Conv conv) {
    Constant weights = graph.constants().get(node.inputs().get(1));
    if (weights == null
        || conv.pool() != null
        || conv.groups() != graph.type(node.input()).shape().dim(1)
        || weights.shape().elements() != conv.groups()
        || !conv.window().equals(lockstep.compiler.network.Window.POINT)) {
      return null;
    }
    float factor = uniform(weights);
    float summand = 0;
    if (node.inputs().size() == (conv.residual() ? 4 : 3)) {
      Constant bias = graph.constants().get(node.inputs().get(2));
      summand = bias == null ? Float.NaN : uniform(bias);
    }
    return Float.isNaN(factor) || Float.isNaN(summand) ? null : new float[] {factor, summand};
  }

  private static float uniform(Constant constant) {
    if (constant instanceof Constant.Splat splat) {
      return splat.value();
    }
    float[] values = constant.floats();
    for (float each : values) {
      if (each != values[0]) {
        return Float.NaN;
      }
    }
    return values.length == 0 ? Float.NaN : values[0];
  }

  /**
   * The nearest code of the function's value for each code of {@code from}, half to even,
   * saturating.
   *
   * @throws UserError if it has none for one of them
   */
  byte[] table(Tensor from, Encoding to) {
    float[] reals = new float[CODES];
    for (int i = 0; i < CODES; i++) {
      reals[i] = from.decode(i + Byte.MIN_VALUE);
    }
    Map<String, Constant> values = new HashMap<>();
    values.put(root, new Constant.Floats(Shape.of(CODES), reals));
    for (int step : steps) {
      Node node = graph.nodes().get(step);
      values.put(node.output(), evaluated(node, values));
    }
    float[] results = Objects.requireNonNull(values.get(value)).floats();
    byte[] table = new byte[CODES];
    for (int i = 0; i < CODES; i++) {
      int code = i + Byte.MIN_VALUE;
      if (Float.isNaN(results[i])) {
        if (code >= from.least() && code <= from.greatest()) {
          throw new UserError("'" + value + "' is no number where '" + root + "' is " + reals[i]);
        }
      } else {
        table[i] = (byte) to.quantise(results[i]);
      }
    }
    return table;
  }

  private Constant evaluated(Node node, Map<String, Constant> values) {
    if (node.op() instanceof Op.Conv conv) {
      float[] line = Objects.requireNonNull(line(graph, node, conv));
      float[] x = Objects.requireNonNull(values.get(node.input())).floats();
      float[] y = new float[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = activated(conv.activation(), x[i] * line[0] + line[1]);
      }
      return new Constant.Floats(Shape.of(y.length), y);
    }
    List<@Nullable Constant> operands = new ArrayList<>();
    for (String input : node.inputs()) {
      Constant constant = graph.constants().get(input);
      operands.add(
          input.isEmpty()
              ? null
              : constant != null ? constant.reshaped(Shape.SCALAR) : values.get(input));
    }
    Constant result = Evaluation.of(node, operands, graph.opset()).getFirst();
    return result.shape().elements() == CODES ? result.reshaped(Shape.of(CODES)) : result;
  }

  static float activated(Activation activation, float x) {
    return switch (activation) {
      case Activation.Leaky leaky -> x < 0 ? (float) (leaky.slope() * x) : x;
      case Activation.Clamp clamp -> (float) Math.min(Math.max(x, clamp.min()), clamp.max());
    };
  }
}
