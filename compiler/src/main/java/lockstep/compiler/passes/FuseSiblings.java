// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.SiblingGroups;

/**
 * Dense convolutions that read one tensor through one window run as one layer: the tensor is read
 * once. Queries, keys and values of attention, the 1x1 branches of an inception block.
 *
 * <pre>
 *       +-> Convolution(w) -> a              +- channels of w -> a
 * x ----+-> Convolution(v) -> b   becomes   x -> Convolution(w over v) --+- channels of v -> b
 *       +-> Convolution(u) -> c              +- channels of u -> c
 * </pre>
 *
 * The result is split by address: every block of output channels is stored where the tensor that it
 * belongs to lies, off chip, on chip or inside a join, so that nobody copies, and tensors live no
 * longer together than apart. Each output channel has its own bias, multiplier and shift and each
 * tensor its own zero point, bounds and leak, so that scales, encodings and activations need not
 * agree, and every byte is what it was. What is marked here is fused where the machine does better
 * that way: {@link Network#siblings}.
 *
 * <p>Does not fire on convolutions in groups, on those that add a residual (which may not be there
 * yet at the first sibling's turn), or where windows or pooling differ; the decision then says so.
 */
public final class FuseSiblings implements NetworkPass {
  @Override
  public Outcome apply(Network network) {
    List<Decision> decisions = new ArrayList<>();
    for (List<Layer.Convolution> readers : SiblingGroups.readers(network)) {
      Collection<List<Layer.Convolution>> groups = SiblingGroups.of(readers);
      for (List<Layer.Convolution> group : groups) {
        if (group.size() > 1) {
          decisions.add(
              new Decision(
                  name(),
                  group.getFirst().name(),
                  group.size() + " Conv -> Conv",
                  (group.size() - 1) * group.getFirst().input().bytes()));
        }
      }
      apart(readers, groups.size()).ifPresent(decisions::add);
    }
    return new Outcome(SiblingGroups.marked(network), decisions);
  }

  /** What stays apart of the readers of one tensor, and what it would save if it did not. */
  private Optional<Decision> apart(List<Layer.Convolution> all, int groups) {
    long grouped = all.stream().filter(c -> c.groups() > 1).count();
    long adding = all.stream().filter(c -> c.groups() == 1 && c.out().residual() != null).count();
    long layers = groups + grouped + adding;
    if (layers < 2) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    if (groups > 1) {
      reasons.add("their windows or pooling differ");
    }
    if (grouped > 0) {
      reasons.add(grouped + " in groups");
    }
    if (adding > 0) {
      reasons.add(adding + " adding a residual");
    }
    return Optional.of(
        new Decision(
            name(),
            all.getFirst().name(),
            layers + " Conv apart: " + String.join(", ", reasons),
            0,
            (layers - 1) * all.getFirst().input().bytes()));
  }
}
