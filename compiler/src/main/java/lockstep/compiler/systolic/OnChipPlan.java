// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.systolic.OnChipProblem.Item;

/**
 * Chooses what stays in the scratchpad during a stretch of layers, and where.
 *
 * <pre>
 * bank 0 ...              ... last bank
 * [ what layers load ...  |   what stays ]      in each layer, in banks of their own
 * </pre>
 *
 * <p>{@link OnChipFit} places the candidates; one stays only if the layers in its life then do
 * better by the {@link MappingCost#score}, and of its plans the one is taken with the best score of
 * all layers.
 */
final class OnChipPlan implements OnChipFit.Judge {
  private final MappingSearch search;
  private final Stretch stretch;
  private final Map<String, OnChipCandidate> candidates = new HashMap<>();
  private final MemoryPlan plan;
  private final OnChipProblem problem;
  private final Map<Key, Double> scores = new HashMap<>();
  private final OnChipUse used;

  private record Key(int layer, Room room) {}

  OnChipPlan(SystolicArchitecture arch, MappingSearch search, Stretch stretch, MemoryPlan plan) {
    this.search = search;
    this.stretch = stretch;
    this.plan = plan;
    int bankRows = arch.scratchpad().rowsPerBank();
    int banks = arch.scratchpad().banks();
    List<Item> items = new ArrayList<>();
    for (OnChipCandidate c :
        OnChipCandidate.of(
            arch.array().rows(),
            arch.array().cols(),
            stretch,
            plan,
            0,
            stretch.layers().size() - 1)) {
      if (c.rows() <= (banks - 1L) * bankRows) {
        candidates.put(c.name(), c);
        items.add(c.item());
      }
    }
    problem =
        new OnChipProblem(bankRows, banks, items, new LoadedBanks(search, stretch, plan, banks));
    problem.check().ifPresent(OnChipPlan::refuse);
    used = OnChipFit.solve(problem, this);
    problem.verify(used.rows()).ifPresent(OnChipPlan::refuse);
  }

  private static void refuse(String fault) {
    throw new IllegalStateException("the plan of the scratchpad is wrong: " + fault);
  }

  /** Whether the layers in an item's life do better with it. */
  @Override
  public boolean takes(OnChipUse use, Item item, int row) {
    double before = 0;
    double after = 0;
    for (int layer = item.first(); layer <= item.last(); layer++) {
      before += score(layer, room(use, layer));
      after += score(layer, room(use, layer, item, row));
    }
    return after < before;
  }

  /** Score of all layers. */
  @Override
  public double cost(OnChipUse use) {
    double score = 0;
    for (int layer = 0; layer < stretch.layers().size(); layer++) {
      score += score(layer, room(use, layer));
    }
    return score;
  }

  /** Score of a layer's best mapping, in all its stripes; infinite if none fits. */
  private double score(int layer, Room room) {
    return scores.computeIfAbsent(
        new Key(layer, room),
        key -> {
          double score = 0;
          for (Contraction c : stretch.parts(layer)) {
            FoundMapping found = search.find(c, Stretch.sources(c, plan), room);
            score += found == null ? Double.POSITIVE_INFINITY : found.cost().score();
          }
          return score;
        });
  }

  /** What a layer finds in the scratchpad. */
  private Room room(OnChipUse use, int layer) {
    return new Room(
        use.banks(layer),
        use.input(layer),
        use.residual(layer),
        outputs(layer, use.rows().keySet()));
  }

  /** The same with an item more, which is alive in the layer. */
  private Room room(OnChipUse use, int layer, Item item, int row) {
    Room before = room(use, layer);
    return new Room(
        Math.min(before.banks(), row / problem.rowsPerBank()),
        before.input() || item.activations().contains(layer),
        before.residual() || item.residuals().contains(layer),
        before.outputs() + outputs(layer, Set.of(item.name())));
  }

  /** Channels that a layer writes into some allocations. */
  private int outputs(int layer, Set<String> roots) {
    return stretch.layers().get(layer).results().stream()
        .map(Contraction.Result::tensor)
        .filter(t -> roots.contains(plan.whole(t)))
        .mapToInt(Tensor::c)
        .sum();
  }

  /** What stays, by the name of its allocation. */
  Map<String, Kept> choose() {
    Map<String, Kept> kept = new TreeMap<>();
    used.rows()
        .forEach(
            (name, row) ->
                shapes(name).forEach(shape -> kept.put(shape.tensor().name(), shape.at(row))));
    return kept;
  }

  private List<Kept> shapes(String name) {
    return Objects.requireNonNull(candidates.get(name), name).kept();
  }

  /** Score of all layers as the plan has them. */
  double cost() {
    return cost(used);
  }

  /** Score of a layer as the plan has it. */
  double score(int layer) {
    return score(layer, room(used, layer));
  }

  /** Bytes that memory moves for a layer by the same estimate. */
  long memoryBytes(int layer) {
    Room room = room(used, layer);
    long bytes = 0;
    for (Contraction c : stretch.parts(layer)) {
      bytes += search.best(c, Stretch.sources(c, plan), room).cost().memoryBytes();
    }
    return bytes;
  }

  /** What stays, and where. */
  OnChipUse use() {
    return used;
  }

  /** What stays and lives in some layer from {@code first} to {@code last}. */
  List<Item> alive(int first, int last) {
    return used.alive(first, last);
  }

  /** What each layer of the stretch finds. */
  List<Room> rooms() {
    List<Room> rooms = new ArrayList<>();
    for (int layer = 0; layer < stretch.layers().size(); layer++) {
      rooms.add(room(used, layer));
    }
    return List.copyOf(rooms);
  }
}
