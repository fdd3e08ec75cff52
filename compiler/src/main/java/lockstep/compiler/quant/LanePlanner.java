// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.quant.Capabilities.Kind;
import org.jspecify.annotations.Nullable;

/** Finds which values a machine's vector lanes can make, and how. */
final class LanePlanner {
  private static final int LONGEST_SUM = Integer.MAX_VALUE / 255;

  private final Graph graph;
  private final Encodings encodings;
  private final Capabilities capabilities;
  private final Map<String, CodeFunction> functions;
  private final IntegerPlans integers;
  private final Map<String, LanePlan> plans = new HashMap<>();

  private LanePlanner(Graph graph, Encodings encodings, Capabilities capabilities) {
    this.graph = graph;
    this.encodings = encodings;
    this.capabilities = capabilities;
    functions = CodeFunction.of(graph);
    integers = new IntegerPlans(graph, encodings);
  }

  /** The plans by value; those of a node with several outputs are complete or absent. */
  static Map<String, LanePlan> of(Graph graph, Encodings encodings, Capabilities capabilities) {
    LanePlanner planner = new LanePlanner(graph, encodings, capabilities);
    if (capabilities.any()) {
      graph.nodes().forEach(planner::plan);
    }
    return planner.plans;
  }

  private void plan(Node node) {
    List<String> outputs = node.outputs().stream().filter(o -> !o.isEmpty()).toList();
    if (outputs.size() == 1 && codes(node.output())) {
      LanePlan integers = this.integers.of(node, capabilities);
      if (integers != null) {
        plans.put(node.output(), integers);
        return;
      }
    }
    if (!Stream.concat(node.inputs().stream(), outputs.stream())
            .allMatch(v -> v.isEmpty() || graph.constants().containsKey(v) || codes(v))
        && !functions.containsKey(node.output())) {
      return;
    }
    if (outputs.stream().anyMatch(o -> !codes(o))) {
      return;
    }
    LanePlan one = outputs.size() == 1 ? single(node) : null;
    if (one != null) {
      plans.put(node.output(), one);
      return;
    }
    Map<String, LanePlan.Moved> moves = MoveIndex.of(graph, node);
    if (capabilities.has(Kind.MOVE) && moves.keySet().containsAll(outputs)) {
      plans.putAll(moves);
    }
  }

  /** Whether a value is an activation whose codes fit a byte. */
  private boolean codes(String value) {
    return graph.type(value).element() == ElementType.FLOAT
        && !graph.constants().containsKey(value)
        && encodings.codes(value).bits() <= Byte.SIZE;
  }

  private @Nullable LanePlan single(Node node) {
    CodeFunction function = functions.get(node.output());
    if (function != null && capabilities.has(Kind.LOOKUP) && codes(function.root())) {
      return new LanePlan.Function(function);
    }
    return switch (node.op()) {
      case Op.Add _ when node.inputs().size() == 2 -> combined(node, LaneLayer.Combination.ADD);
      case Op.Mul _ -> combined(node, LaneLayer.Combination.MULTIPLY);
      case Op.Conv conv -> sum(node, conv);
      case Op.Concat concat -> new LanePlan.Joined(node.inputs(), concat.axis());
      case Op.Foreign foreign when foreign.domain().isEmpty() -> foreign(node, foreign);
      case Op _ -> null;
    };
  }

  private @Nullable LanePlan foreign(Node node, Op.Foreign op) {
    boolean two = node.inputs().size() == 2;
    return switch (op.type()) {
      case "Sub" -> combined(node, LaneLayer.Combination.ADD, true);
      case "Max" -> two ? combined(node, LaneLayer.Combination.MAXIMUM) : null;
      case "Min" -> two ? combined(node, LaneLayer.Combination.MINIMUM) : null;
      case "Sum" -> two ? combined(node, LaneLayer.Combination.ADD) : null;
      case "Softmax" -> RowPlans.softmax(graph, encodings, node, op, false, capabilities);
      case "LogSoftmax" -> RowPlans.softmax(graph, encodings, node, op, true, capabilities);
      case "LayerNormalization" ->
          RowPlans.normalised(graph, encodings, node, op, true, capabilities);
      case "RMSNormalization", "SimplifiedLayerNormalization" ->
          RowPlans.normalised(graph, encodings, node, op, false, capabilities);
      case "ReduceSum" -> reduced(node, op, LaneLayer.Gathering.SUM, false);
      case "ReduceMean" -> reduced(node, op, LaneLayer.Gathering.SUM, true);
      case "ReduceMax" -> reduced(node, op, LaneLayer.Gathering.MAXIMUM, false);
      case "ReduceMin" -> reduced(node, op, LaneLayer.Gathering.MINIMUM, false);
      case "Conv", "ConvTranspose", "MaxPool", "AveragePool" ->
          capabilities.has(Kind.MOVE) && capabilities.has(Kind.REDUCE)
              ? WindowPlans.of(graph, node, op)
              : null;
      default -> null;
    };
  }

  private @Nullable LanePlan combined(Node node, LaneLayer.Combination kind) {
    return combined(node, kind, false);
  }

  private @Nullable LanePlan combined(Node node, LaneLayer.Combination kind, boolean negative) {
    return capabilities.has(Kind.ELEMENTWISE)
            && node.inputs().stream().allMatch(i -> graph.type(i).element() == ElementType.FLOAT)
        ? new LanePlan.Combined(
            kind,
            node.inputs().get(0),
            node.inputs().get(1),
            negative,
            (Activation.Clamp) Activation.NONE)
        : null;
  }

  /** A convolution that does nothing but add its residual. */
  private @Nullable LanePlan sum(Node node, Op.Conv conv) {
    if (!conv.residual()
        || !capabilities.has(Kind.ELEMENTWISE)
        || !(conv.activation() instanceof Activation.Clamp clamp)) {
      return null;
    }
    float[] line = CodeFunction.line(graph, node, conv);
    return line != null && line[0] == 1 && line[1] == 0
        ? new LanePlan.Combined(
            LaneLayer.Combination.ADD, node.input(), node.inputs().getLast(), false, clamp)
        : null;
  }

  private @Nullable LanePlan reduced(
      Node node, Op.Foreign op, LaneLayer.Gathering kind, boolean mean) {
    int rank = graph.type(node.input()).shape().rank();
    long[] axes = new long[0];
    if (op.attributes().get("axes") instanceof Attribute.Ints given) {
      axes = given.values().stream().mapToLong(Long::longValue).toArray();
    } else if (node.inputs().size() > 1 && !node.inputs().get(1).isEmpty()) {
      if (!(graph.constants().get(node.inputs().get(1)) instanceof Constant.Integers given)) {
        return null;
      }
      axes = given.values();
    }
    boolean copies =
        op.attributes().get("noop_with_empty_axes") instanceof Attribute.Int(long flag)
            && flag != 0;
    if (!capabilities.has(Kind.REDUCE) || (axes.length == 0 && copies)) {
      return null;
    }
    boolean[] reduced = new boolean[rank];
    for (int d = 0; d < rank; d++) {
      reduced[d] = axes.length == 0;
    }
    for (long axis : axes) {
      reduced[(int) Math.floorMod(axis, (long) rank)] = true;
    }
    long count = 1;
    for (int d = 0; d < rank; d++) {
      count *= reduced[d] ? graph.type(node.input()).shape().dim(d) : 1;
    }
    return count > LONGEST_SUM
        ? null
        : new LanePlan.Reduced(
            kind, Objects.requireNonNull(node.input()), reduced, mean ? 1.0 / count : 1);
  }
}
