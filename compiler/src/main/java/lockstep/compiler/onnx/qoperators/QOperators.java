// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import java.util.Set;
import java.util.stream.Collectors;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;

/**
 * Rewrites what quantisers and exporters write instead of an operator on floats between a pair:
 * {@link CodedOperators}, {@link CodedMoves}, {@link DynamicProducts} and {@link ClippedCodes}.
 * What has a form that they do not know stays as it is and runs on the host.
 */
public final class QOperators {
  private QOperators() {}

  /** The graph itself where nothing is to be rewritten. */
  public static Graph apply(Graph raw) {
    Set<String> types = raw.nodes().stream().map(Draft::type).collect(Collectors.toSet());
    boolean quantised =
        types.stream().anyMatch(CodedOperators::knows)
            || types.contains("MatMulInteger")
            || types.contains("ConvInteger")
            || (types.contains("QuantizeLinear") && types.contains("Clip"));
    if (!quantised) {
      return raw;
    }
    Draft draft = new Draft(raw);
    CodedOperators coded = new CodedOperators(draft);
    CodedMoves moves = new CodedMoves(draft, coded);
    for (Node node : raw.nodes()) {
      boolean whole = !node.inputs().isEmpty() && !node.outputs().isEmpty();
      boolean rewritten =
          whole
              && (coded.rewrite(node)
                  || moves.rewrite(node)
                  || DynamicProducts.rewrite(draft, node)
                  || ClippedCodes.rewrite(draft, node));
      if (!rewritten) {
        draft.keep(node);
      }
      if (whole && !rewritten) {
        coded.learn(node);
      }
    }
    return draft.finish();
  }
}
