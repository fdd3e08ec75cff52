// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * Merges reshapes and transpositions that follow each other, and moves them behind activations so
 * that more of them meet.
 *
 * <pre>
 * x -> Reshape -> Reshape(s) -> y              becomes   x -> Reshape(s) -> y
 * x -> Transpose(p) -> Transpose(q) -> y       becomes   x -> Transpose(q after p) -> y
 * x -> Transpose(p) -> Activate -> y           becomes   x -> Activate -> Transpose(p) -> y
 * x -> Transpose -> y, of ones and one other   becomes   x -> Reshape -> y
 * </pre>
 *
 * Does not fire across a prescribed encoding that differs.
 */
public final class SimplifyMoves implements Pass {
  private static final RemoveCopies REMOVE_COPIES = new RemoveCopies();

  @Override
  public Graph apply(Graph graph) {
    Graph before;
    Graph after = graph;
    do {
      before = after;
      Rewrite rewrite = new Rewrite(before);
      rewrite.forEach(node -> visit(rewrite, node));
      after = REMOVE_COPIES.apply(rewrite.finish());
    } while (!after.equals(before));
    return after;
  }

  private static void visit(Rewrite rewrite, Node node) {
    if (node.op() instanceof Op.Transpose transpose
        && keepsOrder(rewrite.shape(node.input()), transpose.permutation())) {
      rewrite.add(node.with(new Op.Reshape(rewrite.shape(node.output()))));
      return;
    }
    Node first = node.inputs().isEmpty() ? null : rewrite.producer(node.input());
    if (first == null || !rewrite.sameEncoding(first.input(), first.output())) {
      return;
    }
    switch (node.op()) {
      case Op.Reshape _ when first.op() instanceof Op.Reshape ->
          rewrite.add(node.withInputs(List.of(first.input())));
      case Op.Transpose second when first.op() instanceof Op.Transpose p -> {
        List<Integer> both = second.permutation().stream().map(p.permutation()::get).toList();
        rewrite.add(node.with(new Op.Transpose(both)).withInputs(List.of(first.input())));
      }
      case Op.Activate activate when moves(first) && only(rewrite, first) -> {
        String inner =
            rewrite.add(activate, List.of(first.input()), node.output() + "/before", node);
        rewrite.likewise(node.output(), inner);
        rewrite.add(first.withInputs(List.of(inner)).withOutput(node.output()));
      }
      case Op _ -> {}
    }
  }

  private static boolean moves(Node node) {
    return node.op() instanceof Op.Transpose || node.op() instanceof Op.Reshape;
  }

  private static boolean only(Rewrite rewrite, Node node) {
    return rewrite.onlyConsumer(node.output()) != null;
  }

  private static boolean keepsOrder(Shape shape, List<Integer> permutation) {
    int[] moved = permutation.stream().mapToInt(i -> i).filter(i -> shape.dim(i) != 1).toArray();
    return IntStream.range(1, moved.length).allMatch(i -> moved[i - 1] < moved[i]);
  }
}
