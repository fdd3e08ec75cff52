// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lockstep.compiler.memory.Lifetimes;
import lockstep.compiler.systolic.OnChipProblem.Item;

/** What stays in the scratchpad so far, and what that leaves to each layer. */
final class OnChipUse {
  private final OnChipProblem problem;
  private final Lifetimes<Placed> placed;
  private final int begin;
  private final int end;
  private final Map<String, Integer> rows = new TreeMap<>();
  private final Map<Integer, Integer> lowest = new TreeMap<>();
  private final Set<Integer> inputs = new HashSet<>();
  private final Set<Integer> residuals = new HashSet<>();

  private record Placed(Item item, int row) {}

  /** Rows that an item may not have. */
  private record Taken(int from, int to) {}

  OnChipUse(OnChipProblem problem) {
    this.problem = problem;
    begin = problem.items().stream().mapToInt(Item::first).min().orElse(0);
    end = problem.items().stream().mapToInt(Item::last).max().orElse(0);
    placed = new Lifetimes<>(begin, end);
  }

  /** First rows of what stays, by its name. */
  Map<String, Integer> rows() {
    return rows;
  }

  void put(Item item, int row) {
    rows.put(item.name(), row);
    placed.add(new Placed(item, row), item.first(), item.last());
    for (int layer = item.first(); layer <= item.last(); layer++) {
      lowest.merge(layer, row, Math::min);
    }
    inputs.addAll(item.activations());
    residuals.addAll(item.residuals());
  }

  /** What stays and lives in some layer from {@code first} to {@code last}, by name. */
  List<Item> alive(int first, int last) {
    if (last < begin || first > end) {
      return List.of();
    }
    return placed.during(Math.max(first, begin), Math.min(last, end)).stream()
        .map(Placed::item)
        .sorted(Comparator.comparing(Item::name))
        .toList();
  }

  /** Layers in which something stays, in order. */
  Set<Integer> layers() {
    return lowest.keySet();
  }

  /** Banks that are left to a layer, from bank 0. */
  int banks(int layer) {
    return lowest.getOrDefault(layer, problem.rows()) / problem.rowsPerBank();
  }

  /** Whether a layer's activations are there. */
  boolean input(int layer) {
    return inputs.contains(layer);
  }

  /** Whether what a layer adds is there. */
  boolean residual(int layer) {
    return residuals.contains(layer);
  }

  /** Whether there are banks enough for the layers in an item's life if it lies at a row. */
  boolean leavesEnough(Item item, int row) {
    for (int layer = item.first(); layer <= item.last(); layer++) {
      int left = Math.min(banks(layer), row / problem.rowsPerBank());
      boolean input = input(layer) || item.activations().contains(layer);
      boolean residual = residual(layer) || item.residuals().contains(layer);
      if (left < problem.loads().banks(layer, input, residual)) {
        return false;
      }
    }
    return true;
  }

  /** The highest first row at which an item fits, negative if there is none. */
  int highest(Item item) {
    int bank = problem.rowsPerBank();
    List<Taken> taken = new ArrayList<>();
    for (Placed p : placed.during(item.first(), item.last())) {
      int from = p.row();
      int to = from + p.item().rows();
      taken.add(
          item.readTogether(p.item())
              ? new Taken(from / bank * bank, Math.ceilDiv(to, bank) * bank)
              : new Taken(from, to));
    }
    taken.sort(Comparator.comparingInt(t -> -t.to()));
    int end = problem.rows();
    for (Taken t : taken) {
      if (end - item.rows() >= t.to()) {
        break;
      }
      end = Math.min(end, t.from());
    }
    return end - item.rows();
  }
}
