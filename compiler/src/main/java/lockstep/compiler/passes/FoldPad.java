// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.List;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Rewrite;
import lockstep.compiler.network.Window;

/**
 * Padding with zeros before a convolution or an average is that operator's own.
 *
 * <pre>
 * x -> Pad(0; t, l, b, r) -> Conv(w) -> y      becomes   x -> Conv(w with more padding) -> y
 * </pre>
 *
 * Does not fire on max-pooling (whose padding is not zero), or where the padded value's encoding is
 * prescribed and differs from that of the value.
 */
public final class FoldPad implements Pass {
  @Override
  public List<Class<? extends Pass>> after() {
    return List.of(LinearToConv.class);
  }

  @Override
  public Graph apply(Graph graph) {
    Rewrite rewrite = new Rewrite(graph);
    rewrite.forEach(
        node -> {
          Node before = node.inputs().isEmpty() ? null : rewrite.producer(node.input());
          if (before == null
              || !(before.op() instanceof Op.Pad pad)
              || !zerosAroundImage(pad)
              || !rewrite.sameEncoding(before.input(), before.output())) {
            return;
          }
          Window more = padded(pad);
          Op merged =
              switch (node.op()) {
                case Op.Conv c ->
                    new Op.Conv(
                        sum(c.window(), more), c.groups(), c.pool(), c.residual(), c.activation());
                case Op.AveragePool p -> new Op.AveragePool(sum(p.window(), more));
                case Op _ -> null;
              };
          if (merged != null) {
            java.util.List<String> inputs = new java.util.ArrayList<>(node.inputs());
            inputs.set(0, before.input());
            rewrite.add(node.with(merged).withInputs(inputs).withSource(Sources.of(before, node)));
          }
        });
    return rewrite.finish();
  }

  /** Whether the padding is of zeros, adds, and leaves batch and channels alone. */
  static boolean zerosAroundImage(Op.Pad pad) {
    int rank = pad.begins().size();
    boolean adds =
        pad.begins().stream().allMatch(p -> p >= 0) && pad.ends().stream().allMatch(p -> p >= 0);
    return (rank == 3 || rank == 4)
        && adds
        && pad.value() == 0
        && pad.begins().get(0) + pad.begins().get(1) + pad.ends().get(0) + pad.ends().get(1) == 0;
  }

  /** A point with this padding. */
  static Window padded(Op.Pad pad) {
    int rank = pad.begins().size();
    return new Window(
        1,
        1,
        1,
        1,
        1,
        1,
        rank == 4 ? pad.begins().get(2) : 0,
        pad.begins().get(rank - 1),
        rank == 4 ? pad.ends().get(2) : 0,
        pad.ends().get(rank - 1));
  }

  private static Window sum(Window w, Window more) {
    return new Window(
        w.kernelH(),
        w.kernelW(),
        w.strideH(),
        w.strideW(),
        w.dilationH(),
        w.dilationW(),
        w.padTop() + more.padTop(),
        w.padLeft() + more.padLeft(),
        w.padBottom() + more.padBottom(),
        w.padRight() + more.padRight());
  }
}
