// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Rewrite;

/**
 * Removes what no output needs: nodes, and constants that nothing reads.
 *
 * <pre>
 * x -> Conv -> y (output);  x -> Sigmoid -> z (read by nobody)      becomes   x -> Conv -> y
 * </pre>
 *
 * A node stays with all its outputs if one of them is needed. Graph inputs stay: callers supply
 * them.
 */
public final class DeadCode implements Pass {
  @Override
  public Graph apply(Graph graph) {
    return new Rewrite(graph).swept();
  }
}
