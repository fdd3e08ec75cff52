// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.program.Placement;

/** The fewest banks in which some mapping of each layer of a stretch fits. */
final class LoadedBanks implements OnChipProblem.Loads {
  private final MappingSearch search;
  private final List<Contraction> layers;
  private final MemoryPlan plan;
  private final int most;
  private final Map<Asked, Integer> known = new HashMap<>();

  private record Asked(int layer, boolean input, boolean residual) {}

  /**
   * The layers of a stretch.
   *
   * @param most banks that there are
   */
  LoadedBanks(MappingSearch search, List<Contraction> layers, MemoryPlan plan, int most) {
    this.search = search;
    this.layers = layers;
    this.plan = plan;
    this.most = most;
  }

  @Override
  public int banks(int layer, boolean input, boolean residual) {
    return known.computeIfAbsent(new Asked(layer, input, residual), this::fewest);
  }

  private int fewest(Asked asked) {
    Contraction c = layers.get(asked.layer());
    List<Placement> sources = Stretch.sources(c, plan);
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
