// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import lockstep.compiler.network.Tensor;

/** Between which layers of a stretch each allocation is used. */
final class AllocationUses {
  private record Use(int first, int last, boolean writtenFirst, boolean read) {}

  private final Map<String, Use> uses = new HashMap<>();
  private final Set<String> external;

  AllocationUses(Stretch stretch, MemoryPlan plan) {
    external = stretch.external();
    for (int i = 0; i < stretch.layers().size(); i++) {
      Contraction c = stretch.layers().get(i);
      for (Tensor t : ChainShape.read(c)) {
        use(plan.whole(t), i, false);
      }
      if (c.right() != null) {
        use(plan.whole(c.right()), i, false);
      }
      for (Tensor t : ChainShape.writes(c)) {
        use(plan.whole(t), i, true);
      }
    }
  }

  private void use(String root, int layer, boolean written) {
    Use before = uses.get(root);
    uses.put(
        root,
        before == null
            ? new Use(layer, layer, written, !written)
            : new Use(before.first, layer, before.writtenFirst, before.read || !written));
  }

  /** Whether an allocation is written and read by layers {@code first} to {@code last} only. */
  boolean within(String root, int first, int last) {
    Use use = uses.get(root);
    return use != null
        && use.writtenFirst
        && use.read
        && use.first >= first
        && use.last <= last
        && !external.contains(root);
  }
}
