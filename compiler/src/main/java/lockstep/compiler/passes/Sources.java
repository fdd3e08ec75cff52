// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Node;

/** The ONNX nodes that a fused node was made from. */
final class Sources {
  private Sources() {}

  static List<String> of(Node... nodes) {
    return Arrays.stream(nodes).flatMap(n -> n.source().stream()).distinct().toList();
  }
}
