// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import org.jspecify.annotations.Nullable;

/**
 * Which values share one encoding, because they are joined or copied: the inputs and the output of
 * a Concat, a value and its channels, both sides of a max-pooling, of zero padding and of a
 * reshape. A group is known by one of its values, its root.
 */
final class EncodingGroups {
  private final Graph graph;
  private final Map<String, String> parents = new HashMap<>();
  private final Map<String, Encoding> prescribed;
  private final Set<String> symmetric = new HashSet<>();

  EncodingGroups(Graph graph) {
    this.graph = graph;
    this.prescribed = new HashMap<>(graph.quantisations());
    ChannelViews views = new ChannelViews(graph);
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Op.Concat _ -> node.inputs().forEach(i -> share(i, node.output()));
        case Op.Reshape _, Op.Transpose _ -> share(node.input(), node.output());
        case Op.Conv conv when copies(conv, graph.constants().get(node.inputs().get(1))) ->
            share(node.input(), node.output());
        case Op.Product _ -> node.inputs().forEach(i -> symmetric.add(root(i)));
        case Op.Foreign _ ->
            views.slices(node).forEach(slice -> share(node.input(), slice.output()));
        case Op _ -> {}
      }
    }
  }

  /** Whether the output's bytes are some of the input's, given the same encoding. */
  private static boolean copies(Op.Conv conv, @Nullable Constant weights) {
    return !conv.residual()
        && conv.activation().equals(Activation.NONE)
        && conv.window().kernelH() == 1
        && conv.window().kernelW() == 1
        && weights instanceof Constant.Splat splat
        && splat.value() == 1
        && conv.groups() == splat.shape().dim(0);
  }

  private void share(String a, String b) {
    if (graph.constants().containsKey(a)) {
      return;
    }
    String p = root(a);
    String q = root(b);
    Encoding x = prescribed.get(p);
    Encoding y = prescribed.get(q);
    if (p.equals(q) || (x != null && y != null && !x.equals(y))) {
      return;
    }
    parents.put(q, p);
    if (y != null) {
      prescribed.put(p, y);
    }
    if (symmetric.contains(q)) {
      symmetric.add(p);
    }
  }

  /** Halves the path that it walks, so that groups may be as long as the network. */
  String root(String value) {
    String at = value;
    String up = parents.get(at);
    while (up != null) {
      String above = parents.get(up);
      if (above != null) {
        parents.put(at, above);
      }
      at = up;
      up = above;
    }
    return at;
  }

  /** What the model prescribes for a root; null if it leaves the choice. */
  @Nullable Encoding prescribed(String root) {
    return prescribed.get(root);
  }

  /**
   * Whether a root's zero point has to be 0: some value of its group is an operand of a product.
   */
  boolean symmetric(String root) {
    return symmetric.contains(root);
  }
}
