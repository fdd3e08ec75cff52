// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;

/** A node replaced by one that computes in another arrangement and one that restores the order. */
final class Rearranged {
  private Rearranged() {}

  /** Adds the one that computes, which keeps the node's name; returns its output. */
  static String around(Rewrite rewrite, Node node, Op op, List<String> inputs, String hint) {
    String output = rewrite.freshValue(node.output() + hint);
    rewrite.add(new Node(node.name(), op, inputs, List.of(output), node.source()));
    rewrite.likewise(node.output(), output);
    return output;
  }

  /** Adds the one that restores, in the node's place. */
  static void last(Rewrite rewrite, Node node, Op op, String value) {
    String name = rewrite.freshValue(node.output() + "/rearranged");
    rewrite.add(new Node(name, op, List.of(value), node.outputs().subList(0, 1), node.source()));
  }
}
