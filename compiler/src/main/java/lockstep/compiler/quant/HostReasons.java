// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Accumulator;
import org.jspecify.annotations.Nullable;

/** Decides which values the host computes, and says why. */
final class HostReasons {
  private final Graph graph;
  private final Encodings encodings;
  private final ChannelViews views;
  private final Set<String> made;
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private HostReasons(Graph graph, Encodings encodings, ChannelViews views, Set<String> made) {
    this.graph = graph;
    this.encodings = encodings;
    this.views = views;
    this.made = made;
    for (Node node : graph.nodes()) {
      node.inputs().forEach(i -> consumers.computeIfAbsent(i, _ -> new ArrayList<>()).add(node));
    }
  }

  /**
   * The reasons by value; what is not there is the machine's.
   *
   * @param absorbed values that are only the arrangement of an input
   * @param made values that the machine's vector lanes make
   */
  static Map<String, String> of(
      Graph graph,
      Encodings encodings,
      ChannelViews views,
      Set<String> absorbed,
      Set<String> made) {
    HostReasons found = new HostReasons(graph, encodings, views, made);
    List<Node> nodes = graph.nodes().stream().filter(n -> !absorbed.contains(n.output())).toList();
    for (Node node : nodes) {
      String reason = found.reason(node);
      if (reason != null) {
        node.outputs().forEach(o -> found.reasons.put(o, reason));
      }
    }
    boolean demoted = true;
    while (demoted) {
      demoted = false;
      for (Node node : nodes) {
        demoted |= found.demote(node) | found.demoteView(node);
      }
    }
    return found.reasons;
  }

  /** An element-wise step all of whose neighbours run on the host joins them. */
  private boolean demote(Node node) {
    boolean elementwise =
        switch (node.op()) {
          case Op.Conv conv ->
              conv.pool() == null
                  && conv.groups() == graph.type(node.output()).shape().dim(1)
                  && graph.type(node.inputs().get(1)).shape().elements() == conv.groups();
          case Op.Reshape _, Op.Identity _ -> true;
          case Op _ -> false;
        };
    List<Node> after = consumers.getOrDefault(node.output(), List.of());
    boolean joins =
        elementwise
            && !reasons.containsKey(node.output())
            && !after.isEmpty()
            && graph.outputs().stream().noneMatch(o -> o.value().equals(node.output()))
            && after.stream().allMatch(n -> reasons.containsKey(n.output()))
            && node.inputs().stream()
                .filter(i -> !graph.constants().containsKey(i))
                .allMatch(reasons::containsKey);
    if (joins) {
      reasons.put(node.output(), "it is element by element, between steps of the host");
    }
    return joins;
  }

  /** A view beside the host is the host's: it costs nothing there. */
  private boolean demoteView(Node node) {
    boolean joins =
        view(node)
            && !reasons.containsKey(node.output())
            && (reasons.containsKey(node.input())
                || node.outputs().stream()
                    .flatMap(o -> consumers.getOrDefault(o, List.of()).stream())
                    .allMatch(n -> reasons.containsKey(n.output())));
    if (joins) {
      node.outputs().forEach(o -> reasons.put(o, "it takes channels apart beside the host"));
    }
    return joins;
  }

  private boolean view(Node node) {
    return ChannelViews.regroups(graph, node) || !views.slices(node).isEmpty();
  }

  private @Nullable String reason(Node node) {
    if (made.contains(node.output())) {
      return null;
    }
    String reason =
        view(node) && graph.type(node.input()).element() == ElementType.FLOAT
            ? null
            : MachineForm.hostReason(graph, node);
    if (reason == null
        && node.op() instanceof Op.Product
        && node.inputs().stream().anyMatch(i -> encodings.of(i).zeroPoint() != 0)) {
      return "the model prescribes a zero point other than 0 for its operands";
    }
    if (reason == null && node.op() instanceof Op.Product && mayOverflow(node)) {
      return "its sums of products of %d- and %d-bit codes may leave the accumulator of %d bits"
          .formatted(
              encodings.of(node.inputs().get(0)).bits(),
              encodings.of(node.inputs().get(1)).bits(),
              Accumulator.WIDE.bits());
    }
    if (reason == null && node.op() instanceof Op.Conv conv && conv.residual()) {
      double residual = encodings.of(node.inputs().getLast()).scale();
      if (ConvolutionLowering.outShift(residual, encodings.of(node.output()).scale()) < 0) {
        return "the scale of what it adds is more than 65535 times that of its result";
      }
    }
    return reason;
  }

  /** Whether codes of more than 8 bits may make sums that the accumulator cannot hold. */
  private boolean mayOverflow(Node node) {
    Encoding left = encodings.of(node.inputs().get(0));
    Encoding right = encodings.of(node.inputs().get(1));
    long inner = graph.type(node.inputs().get(0)).shape().dim(1);
    return Math.max(left.bits(), right.bits()) > Byte.SIZE
        && inner * left.least() * right.least() > Accumulator.WIDE.greatest();
  }
}
