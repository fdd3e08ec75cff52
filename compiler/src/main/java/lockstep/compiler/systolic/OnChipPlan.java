// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.program.Placement;

/**
 * Chooses what stays in the scratchpad during a stretch of layers, and where.
 *
 * <pre>
 * bank 0 ...              ... last bank
 * [ what layers load ...  |   what stays ]      in each layer, in banks of their own
 * </pre>
 *
 * <p>The candidates that save most bytes for each row come first; each goes to the highest rows
 * that are free while it lives, unless its layers would then do worse by the {@link
 * MappingCost#score}, or do not fit the banks that are left.
 */
final class OnChipPlan {
  private final SystolicArchitecture arch;
  private final MappingSearch search;
  private final List<Contraction> stretch;
  private final List<OnChipCandidate> candidates;
  private final MemoryPlan plan;
  private final int bankRows;
  private final List<Placed> placed = new ArrayList<>();

  /** A candidate with its place. */
  private record Placed(OnChipCandidate candidate, Kept kept) {
    boolean touches(int from, int to) {
      return kept.rows().from() < to && from < kept.rows().to();
    }
  }

  OnChipPlan(SystolicArchitecture arch, MappingSearch search, Stretch stretch, MemoryPlan plan) {
    this.arch = arch;
    this.search = search;
    this.stretch = stretch.layers();
    candidates =
        OnChipCandidate.of(
            arch.array().rows(), arch.array().cols(), stretch.layers(), plan, stretch.external());
    this.plan = plan;
    bankRows = arch.scratchpad().rowsPerBank();
  }

  /** What stays, by the name of its allocation. */
  Map<String, Kept> choose() {
    candidates.stream()
        .sorted(
            Comparator.comparingDouble((OnChipCandidate c) -> -(double) c.saved() / c.kept().size())
                .thenComparing(OnChipCandidate::name))
        .forEach(this::consider);
    Map<String, Kept> kept = new TreeMap<>();
    placed.forEach(p -> kept.put(p.candidate().name(), p.kept()));
    return kept;
  }

  private void consider(OnChipCandidate candidate) {
    long size = candidate.kept().size();
    if (size > (arch.scratchpad().banks() - 1L) * bankRows) {
      return;
    }
    int row = highest(candidate, (int) size);
    if (row < bankRows) {
      return;
    }
    double before = score(candidate);
    placed.add(new Placed(candidate, candidate.kept().at(row)));
    if (score(candidate) >= before) {
      placed.removeLast();
    }
  }

  /** The highest first row at which a candidate fits, negative if there is none. */
  private int highest(OnChipCandidate candidate, int size) {
    int end = bankRows * arch.scratchpad().banks();
    boolean moved = true;
    while (moved && end - size >= 0) {
      moved = false;
      for (Placed p : placed) {
        OnChipCandidate o = p.candidate();
        if (o.first() > candidate.last() || candidate.first() > o.last()) {
          continue;
        }
        int from = end - size;
        int to = end;
        int below = p.kept().base();
        if (candidate.readTogether(o)) {
          from = from / bankRows * bankRows;
          to = Math.ceilDiv(to, bankRows) * bankRows;
          below = below / bankRows * bankRows;
        }
        if (p.touches(from, to)) {
          end = below;
          moved = true;
        }
      }
    }
    return end - size;
  }

  /** Score of the layers in a candidate's life; infinite if one does not fit. */
  private double score(OnChipCandidate candidate) {
    double score = 0;
    for (int i = candidate.first(); i <= candidate.last(); i++) {
      Contraction c = stretch.get(i);
      List<Placement> sources = Stretch.sources(c, plan);
      Room room = room(i);
      FoundMapping found = search.find(c, sources, room);
      if (found == null) {
        return Double.POSITIVE_INFINITY;
      }
      score += found.cost().score();
    }
    return score;
  }

  private Room room(int layer) {
    String output = plan.placement(stretch.get(layer).output()).root();
    int banks = arch.scratchpad().banks();
    boolean input = false;
    boolean residual = false;
    boolean stays = false;
    for (Placed p : placed) {
      OnChipCandidate o = p.candidate();
      if (o.alive(layer)) {
        banks = Math.min(banks, p.kept().base() / bankRows);
        input |= o.activations().contains(layer);
        residual |= o.residuals().contains(layer);
        stays |= output.equals(o.name());
      }
    }
    return new Room(banks, input, residual, stays);
  }

  /** What each layer of the stretch finds. */
  List<Room> rooms() {
    List<Room> rooms = new ArrayList<>();
    for (int i = 0; i < stretch.size(); i++) {
      rooms.add(room(i));
    }
    return List.copyOf(rooms);
  }
}
