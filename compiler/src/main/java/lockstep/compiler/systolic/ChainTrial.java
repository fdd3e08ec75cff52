// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.systolic.OnChipProblem.Item;

/**
 * Tries one chain by itself: its inner tensors are placed beside what stays on chip without it, the
 * mapping search maps one stripe of each layer, and all stripes cost as much as that one.
 */
final class ChainTrial {
  private final SystolicArchitecture arch;
  private final MappingSearch search;
  private final Stretch stretch;
  private final MemoryPlan plan;
  private final OnChipPlan base;
  private final double[] scores;

  /**
   * For the chains of a stretch.
   *
   * @param base what stays on chip without chains
   */
  ChainTrial(
      SystolicArchitecture arch,
      MappingSearch search,
      Stretch stretch,
      MemoryPlan plan,
      OnChipPlan base) {
    this.arch = arch;
    this.search = search;
    this.stretch = stretch;
    this.plan = plan;
    this.base = base;
    scores = new double[stretch.layers().size()];
    Arrays.setAll(scores, base::score);
  }

  /** Scores of a chain's layers without it, summed. */
  double before(ChainShape shape) {
    double score = 0;
    for (int layer = shape.first(); layer <= shape.last(); layer++) {
      score += scores[layer];
    }
    return score;
  }

  /** What the score gains by the chain; minus infinity if it cannot be. */
  double gain(ChainShape shape, int lines) {
    if (!shape.cuttable(lines)) {
      return Double.NEGATIVE_INFINITY;
    }
    List<Chain> sample = List.of(Chain.sample(shape, lines));
    Stretch one = stretch.with(sample);
    MemoryPlan there = plan.with(sample);
    List<Item> items = items(shape, one, there);
    if (items.size() < shape.inner().size()) {
      return Double.NEGATIVE_INFINITY;
    }
    double stripes = (double) shape.height() / lines;
    double best = Double.NEGATIVE_INFINITY;
    for (boolean keeps : new boolean[] {true, false}) {
      Surroundings outer = new Surroundings(shape, keeps);
      double score = score(shape, one, there, items, outer) * stripes + outer.price;
      best = Math.max(best, before(shape) - score);
    }
    return best;
  }

  private List<Item> items(ChainShape shape, Stretch one, MemoryPlan there) {
    List<Item> items = new ArrayList<>();
    long rows = (long) arch.scratchpad().banks() * arch.scratchpad().rowsPerBank();
    for (OnChipCandidate c :
        OnChipCandidate.of(
            arch.array().rows(), arch.array().cols(), one, there, shape.first(), shape.last())) {
      if (shape.inner().contains(c.name()) && c.rows() <= rows) {
        items.add(c.item());
      }
    }
    return items;
  }

  /** Score of one stripe of all layers, infinite if its tensors do not fit. */
  private double score(
      ChainShape shape, Stretch one, MemoryPlan there, List<Item> items, Surroundings outer) {
    LoadedBanks loaded = new LoadedBanks(search, one, there, arch.scratchpad().banks());
    OnChipProblem problem =
        new OnChipProblem(
            arch.scratchpad().rowsPerBank(),
            outer.banks,
            items,
            (layer, input, residual) ->
                loaded.banks(
                    layer,
                    input || outer.inputs.contains(layer),
                    residual || outer.residuals.contains(layer)));
    if (!outer.possible || outer.banks < 1 || problem.check().isPresent()) {
      return Double.POSITIVE_INFINITY;
    }
    OnChipUse use = OnChipFit.solve(problem, new Everything(problem));
    if (use.rows().size() < items.size()) {
      return Double.POSITIVE_INFINITY;
    }
    double score = 0;
    for (int layer = shape.first(); layer <= shape.last(); layer++) {
      Room room =
          new Room(
              use.banks(layer),
              use.input(layer) || outer.inputs.contains(layer),
              use.residual(layer) || outer.residuals.contains(layer),
              outputs(layer, use.rows().keySet()) + outputs(layer, outer.names));
      Contraction part = one.parts(layer).getFirst();
      FoundMapping found = search.find(part, Stretch.sources(part, there), room);
      score += found == null ? Double.POSITIVE_INFINITY : found.cost().score();
    }
    return score;
  }

  /** Channels that a layer writes into some allocations. */
  private int outputs(int layer, Set<String> names) {
    return ChainShape.writes(stretch.layers().get(layer)).stream()
        .filter(t -> names.contains(plan.whole(t)))
        .mapToInt(Tensor::c)
        .sum();
  }

  /** Everything is to stay. */
  private record Everything(OnChipProblem problem) implements OnChipFit.Judge {
    @Override
    public boolean takes(OnChipUse use, Item item, int row) {
      return true;
    }

    @Override
    public double cost(OnChipUse use) {
      return -problem.saved(use.rows());
    }
  }

  /** What else is on chip while the chain runs. */
  private final class Surroundings {
    int banks = arch.scratchpad().banks();
    boolean possible = true;
    double price;
    final Set<Integer> inputs = new HashSet<>();
    final Set<Integer> residuals = new HashSet<>();
    final Set<String> names = new HashSet<>();

    /**
     * Around a chain.
     *
     * @param keeps what the chain reads and writes stays where it is without the chain; else it is
     *     in memory, and those outside pay for it
     */
    Surroundings(ChainShape shape, boolean keeps) {
      Map<String, Long> touched = touched(shape);
      Map<String, Integer> rows = base.use().rows();
      List<Item> there = new ArrayList<>();
      for (Item item : base.alive(shape.first(), shape.last())) {
        if (shape.inner().contains(item.name())) {
          continue;
        }
        if (keeps || !touched.containsKey(item.name())) {
          there.add(item);
          int row = rows.getOrDefault(item.name(), 0);
          banks = Math.min(banks, row / arch.scratchpad().rowsPerBank());
        } else {
          long outside = item.saved() - touched.getOrDefault(item.name(), 0L);
          double rate = Math.min(arch.dma().widthBytes(), arch.memory().bytesPerCycle());
          price += MappingCost.SHARE_OF_TRAFFIC * outside / rate;
        }
      }
      apart(there, rows);
      for (int layer = shape.first(); layer <= shape.last(); layer++) {
        for (Item item : there) {
          note(item, layer);
        }
      }
    }

    private void note(Item item, int layer) {
      if (item.activations().contains(layer)) {
        inputs.add(layer);
      }
      if (item.residuals().contains(layer)) {
        residuals.add(layer);
      }
      names.add(item.name());
    }

    /** They live together as long as the chain runs. */
    private void apart(List<Item> items, Map<String, Integer> rows) {
      for (int a = 0; a < items.size(); a++) {
        for (int b = 0; b < a; b++) {
          int rowA = rows.getOrDefault(items.get(a).name(), 0);
          int rowB = rows.getOrDefault(items.get(b).name(), 0);
          possible &= rowA + items.get(a).rows() <= rowB || rowB + items.get(b).rows() <= rowA;
        }
      }
    }
  }

  /** Bytes that a chain's layers read and write of each allocation. */
  private Map<String, Long> touched(ChainShape shape) {
    Map<String, Long> touched = new HashMap<>();
    for (Contraction c : shape.layers()) {
      for (Tensor t : ChainShape.read(c)) {
        touched.merge(plan.whole(t), t.bytes(), Long::sum);
      }
      for (Tensor t : ChainShape.writes(c)) {
        touched.merge(plan.whole(t), t.bytes(), Long::sum);
      }
    }
    return touched;
  }
}
