// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.passes.Selection;

/** Nodes that only show channels of a value in another way. */
final class ChannelViews {
  private final Graph graph;
  private final Rewrite known;

  ChannelViews(Graph graph) {
    this.graph = graph;
    known = new Rewrite(graph);
  }

  /** Whether a reshape counts channels as images or images as channels: heads of attention. */
  static boolean regroups(Graph graph, Node node) {
    if (!(node.op() instanceof Op.Reshape)) {
      return false;
    }
    ImageView from = ImageView.of(graph.type(node.input()).shape());
    ImageView to = ImageView.of(graph.type(node.output()).shape());
    return from.n() != to.n() && from.h() == to.h() && from.w() == to.w();
  }

  /** The ranges of channels that Split or Slice take; empty for any other node. */
  List<Selection> slices(Node node) {
    if (!(node.op() instanceof Op.Foreign) || node.inputs().isEmpty()) {
      return List.of();
    }
    Shape shape = graph.type(node.input()).shape();
    List<Selection> selections = Selection.of(known, node, node.input());
    return shape.rank() >= 2
            && selections != null
            && selections.stream()
                .allMatch(
                    s -> s.axis() == 1 && graph.type(s.output()).shape().rank() == shape.rank())
        ? selections
        : List.of();
  }
}
