// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * Removes what changes nothing: Identity, Dropout in inference, reshapes to the same shape,
 * permutations that keep the order, padding by nothing.
 *
 * <pre>
 * x -> Identity -> y -> Op        becomes   x -> Op
 * </pre>
 *
 * Does not fire where the copy's encoding is prescribed: there it requantises.
 */
public final class RemoveCopies implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(AbsorbQuantisation.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (copies(rewrite, node) && rewrite.quantisation(node.output()) == null) {
            rewrite.forward(node.output(), node.input());
          }
        });
    return rewrite.finish();
  }

  private static boolean copies(Rewrite rewrite, Node node) {
    return switch (node.op()) {
      case Op.Identity _ -> true;
      case Op.Reshape reshape -> reshape.shape().equals(rewrite.shape(node.input()));
      case Op.Transpose transpose -> {
        List<Integer> same = IntStream.range(0, transpose.permutation().size()).boxed().toList();
        yield transpose.permutation().equals(same);
      }
      case Op.Pad pad ->
          pad.begins().stream().allMatch(p -> p == 0) && pad.ends().stream().allMatch(p -> p == 0);
      case Op.Activate activate -> activate.activation().equals(Activation.NONE);
      case Op.Concat _ -> node.inputs().size() == 1;
      case Op _ -> false;
    };
  }
}
