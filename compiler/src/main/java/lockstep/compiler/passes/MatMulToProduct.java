// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.graph.Shape;

/**
 * A product of two activations, in the machine's layout.
 *
 * <pre>
 * a [..,M,K], b [..,K,N] -> MatMul -> y     becomes
 * a -> Transpose -> [B,K,M],  b -> Transpose -> [B,N,K],  -> Product [B,N,M] -> Transpose -> y
 * </pre>
 *
 * {@link SimplifyMoves} cancels the transpositions with those of the model; the rest runs on the
 * host. Does not fire where the leading dimensions differ.
 */
public final class MatMulToProduct implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(MatMulToLinear.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.MatMul) {
            rewrite(rewrite, node);
          }
        });
    return rewrite.finish();
  }

  private static void rewrite(Rewrite rewrite, Node node) {
    Shape a = rewrite.shape(node.inputs().get(0));
    Shape b = rewrite.shape(node.inputs().get(1));
    int rank = a.rank();
    if (rank < 2
        || b.rank() != rank
        || !a.dims().subList(0, rank - 2).equals(b.dims().subList(0, rank - 2))
        || rewrite.constant(node.inputs().get(0)) != null
        || rewrite.constant(node.inputs().get(1)) != null) {
      return;
    }
    String x = columns(rewrite, node, node.inputs().get(0));
    String y = columns(rewrite, node, node.inputs().get(1));
    String product = Rearranged.around(rewrite, node, new Op.Product(), List.of(x, y), "/product");
    Shape turned = rewrite.shape(node.output()).permuted(swapped(rank));
    String stacked =
        rewrite.add(new Op.Reshape(turned), List.of(product), node.output() + "/turned", node);
    rewrite.likewise(node.output(), stacked);
    Rearranged.last(rewrite, node, new Op.Transpose(swapped(rank)), stacked);
  }

  private static String columns(Rewrite rewrite, Node node, String value) {
    Shape shape = rewrite.shape(value);
    int rank = shape.rank();
    String turned =
        rewrite.add(new Op.Transpose(swapped(rank)), List.of(value), value + "/turned", node);
    rewrite.likewise(value, turned);
    Shape stack =
        Shape.of((int) shape.product(0, rank - 2), shape.dim(rank - 1), shape.dim(rank - 2));
    String stacked = rewrite.add(new Op.Reshape(stack), List.of(turned), value + "/stacked", node);
    rewrite.likewise(value, stacked);
    return stacked;
  }

  private static List<Integer> swapped(int rank) {
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(permutation, rank - 2, rank - 1);
    return permutation;
  }
}
