// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.program.Placement;

/** The fewest banks in which some mapping of each layer of a stretch fits. */
final class LoadedBanks implements OnChipProblem.Loads {
  private final MappingSearch search;
  private final Stretch stretch;
  private final MemoryPlan plan;
  private final int most;
  private final Map<Asked, Integer> known = new HashMap<>();

  private record Asked(int layer, boolean input, boolean residual) {}

  /**
   * The layers of a stretch.
   *
   * @param most banks that there are
   */
  LoadedBanks(MappingSearch search, Stretch stretch, MemoryPlan plan, int most) {
    this.search = search;
    this.stretch = stretch;
    this.plan = plan;
    this.most = most;
  }

  @Override
  public int banks(int layer, boolean input, boolean residual) {
    return known.computeIfAbsent(new Asked(layer, input, residual), this::fewest);
  }

  private int fewest(Asked asked) {
    return stretch.parts(asked.layer()).stream()
        .mapToInt(c -> fewest(c, Stretch.sources(c, plan), asked))
        .max()
        .orElse(0);
  }

  private int fewest(Contraction c, List<Placement> sources, Asked asked) {
    int tooFew = -1;
    int enough = most + 1;
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      if (search.fits(c, sources, new Room(middle, asked.input(), asked.residual(), 0))) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }
}
