// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/**
 * A sum of many becomes additions of two.
 *
 * <pre>
 * a, b, c -> Add -> y      becomes   a, b -> Add -> s;  s, c -> Add -> y
 * </pre>
 */
public final class SplitAdd implements Pass {
  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          if (node.op() instanceof Op.Add && node.inputs().size() > 2) {
            List<String> inputs = node.inputs();
            String sum = inputs.getFirst();
            for (String next : inputs.subList(1, inputs.size() - 1)) {
              sum = rewrite.add(new Op.Add(), List.of(sum, next), node.output() + "/partial", node);
            }
            rewrite.add(node.withInputs(List.of(sum, inputs.getLast())));
          }
        });
    return rewrite.finish();
  }
}
