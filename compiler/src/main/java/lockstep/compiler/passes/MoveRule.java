// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Rewrite;

/** One way in which {@link SinkMoves} moves reshapes and transpositions. */
interface MoveRule {
  void visit(Rewrite rewrite, Node node);
}
