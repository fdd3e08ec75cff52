// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What stays in the scratchpad while a stretch of layers runs, and where: as much as possible is to
 * be saved.
 *
 * <pre>
 * row
 *   |    +-----------+   +---+    an activation and a residual that one layer reads
 *   |    |     a     |   | c |    have banks of their own
 *   | - -+---+-------+- -+---+-
 *   |        |   b   |
 *   | - - - -+-------+- - - - -   each layer has the banks below all that lives in it,
 *   |  what layers load           and needs some of them
 *   +-------------------------- layer
 * </pre>
 *
 * @param items what could stay; not all of it has to
 * @param loads banks that layers need for what they load
 */
record OnChipProblem(int rowsPerBank, int banks, List<Item> items, Loads loads) {

  /**
   * What could stay.
   *
   * @param rows consecutive rows that it takes
   * @param first first layer of its life
   * @param last last layer of its life
   * @param saved bytes that memory need not move
   * @param activations layers that stream it through the array
   * @param residuals layers that add it to their results
   */
  record Item(
      String name,
      int rows,
      int first,
      int last,
      long saved,
      Set<Integer> activations,
      Set<Integer> residuals) {

    /** Whether a layer reads both at once, in roles that need banks of their own. */
    boolean readTogether(Item o) {
      return activations.stream().anyMatch(o.residuals::contains)
          || residuals.stream().anyMatch(o.activations::contains);
    }
  }

  /** The fewest banks that a layer needs for what it loads. */
  interface Loads {
    /**
     * More than there are if all are too few.
     *
     * @param input its activations stay on chip
     * @param residual what it adds stays on chip
     */
    int banks(int layer, boolean input, boolean residual);
  }

  OnChipProblem {
    items = List.copyOf(items);
  }

  int rows() {
    return rowsPerBank * banks;
  }

  /** What is wrong with the problem itself, if anything. */
  Optional<String> check() {
    Set<String> names = new HashSet<>();
    for (Item i : items) {
      if (!names.add(i.name())) {
        return fault("%s is there twice", i.name());
      }
      if (i.rows() < 1 || i.saved() < 0) {
        return fault("%s takes %d rows and saves %d bytes", i.name(), i.rows(), i.saved());
      }
      Set<Integer> readers = new HashSet<>(i.activations());
      readers.addAll(i.residuals());
      if (i.first() > i.last() || readers.stream().anyMatch(r -> r < i.first() || r > i.last())) {
        return fault("%s is read outside its life", i.name());
      }
      if (i.readTogether(i)) {
        return fault("%s is activation and residual of one layer", i.name());
      }
    }
    return Optional.empty();
  }

  /**
   * The first rule that is broken by what stays, if any.
   *
   * @param rows first rows of what stays, by its name
   */
  Optional<String> verify(Map<String, Integer> rows) {
    List<Item> kept = items.stream().filter(i -> rows.containsKey(i.name())).toList();
    if (kept.size() != rows.size()) {
      return fault("something stays that cannot");
    }
    for (Item i : kept) {
      int row = row(rows, i);
      if (row < 0 || row + i.rows() > rows()) {
        return fault("%s takes rows %d to %d of %d", i.name(), row, row + i.rows() - 1, rows());
      }
    }
    return overlap(kept, rows)
        .or(() -> togetherInOneBank(kept, rows))
        .or(() -> tooFewBanks(kept, rows));
  }

  /** Goes through the layers with what lives in them in the order of its rows. */
  private static Optional<String> overlap(List<Item> kept, Map<String, Integer> rows) {
    List<Item> births = new ArrayList<>(kept);
    births.sort(Comparator.comparingInt(Item::first));
    List<Item> deaths = new ArrayList<>(kept);
    deaths.sort(Comparator.comparingInt(Item::last));
    TreeMap<Integer, Item> alive = new TreeMap<>();
    int dead = 0;
    for (Item i : births) {
      for (; deaths.get(dead).last() < i.first(); dead++) {
        alive.remove(row(rows, deaths.get(dead)));
      }
      int row = row(rows, i);
      Map.Entry<Integer, Item> below = alive.floorEntry(row);
      Map.Entry<Integer, Item> above = alive.ceilingEntry(row);
      if (below != null && below.getKey() + below.getValue().rows() > row) {
        return fault("%s and %s share rows", i.name(), below.getValue().name());
      }
      if (above != null && row + i.rows() > above.getKey()) {
        return fault("%s and %s share rows", i.name(), above.getValue().name());
      }
      alive.put(row, i);
    }
    return Optional.empty();
  }

  private Optional<String> togetherInOneBank(List<Item> kept, Map<String, Integer> rows) {
    Map<Integer, List<Item>> added = new HashMap<>();
    for (Item i : kept) {
      i.residuals().forEach(l -> added.computeIfAbsent(l, layer -> new ArrayList<>()).add(i));
    }
    for (Item i : kept) {
      for (int layer : i.activations()) {
        for (Item r : added.getOrDefault(layer, List.of())) {
          int a = row(rows, i);
          int b = row(rows, r);
          if (a / rowsPerBank <= (b + r.rows() - 1) / rowsPerBank
              && b / rowsPerBank <= (a + i.rows() - 1) / rowsPerBank) {
            return fault(
                "layer %d reads %s as activation and %s as residual in one bank",
                layer, i.name(), r.name());
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> tooFewBanks(List<Item> kept, Map<String, Integer> rows) {
    OnChipUse use = new OnChipUse(this);
    kept.forEach(i -> use.put(i, row(rows, i)));
    for (int layer : use.layers()) {
      int needed = loads.banks(layer, use.input(layer), use.residual(layer));
      if (use.banks(layer) < needed) {
        return fault("layer %d is left %d banks and needs %d", layer, use.banks(layer), needed);
      }
    }
    return Optional.empty();
  }

  private static int row(Map<String, Integer> rows, Item i) {
    return Objects.requireNonNull(rows.get(i.name()), i.name());
  }

  private static Optional<String> fault(String text, Object... values) {
    return Optional.of(text.formatted(values));
  }

  /** Bytes that memory need not move. */
  long saved(Map<String, Integer> rows) {
    return items.stream().filter(i -> rows.containsKey(i.name())).mapToLong(Item::saved).sum();
  }

  /**
   * No placement saves more: in the layer where that is least, what lives in it is cut to fill the
   * banks that the layer can spare, the best of it first; everything else stays.
   */
  long upperBound() {
    long all = items.stream().mapToLong(Item::saved).sum();
    Map<Integer, List<Item>> alive = new TreeMap<>();
    for (Item i : items) {
      for (int layer = i.first(); layer <= i.last(); layer++) {
        alive.computeIfAbsent(layer, l -> new ArrayList<>()).add(i);
      }
    }
    double bound = all;
    for (Map.Entry<Integer, List<Item>> e : alive.entrySet()) {
      int needed = banks;
      for (boolean input : new boolean[] {false, true}) {
        for (boolean residual : new boolean[] {false, true}) {
          needed = Math.min(needed, loads.banks(e.getKey(), input, residual));
        }
      }
      List<Item> best = new ArrayList<>(e.getValue());
      best.sort(Comparator.comparingDouble(i -> -(double) i.saved() / i.rows()));
      double free = (double) (banks - needed) * rowsPerBank;
      double saved = all;
      for (Item i : best) {
        double part = Math.min(1, free / i.rows());
        saved -= (1 - part) * i.saved();
        free -= part * i.rows();
      }
      bound = Math.min(bound, saved);
    }
    return (long) Math.floor(bound + 1e-6);
  }
}
