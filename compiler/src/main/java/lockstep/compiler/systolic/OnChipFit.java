// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import lockstep.compiler.systolic.OnChipProblem.Item;

/**
 * Places what stays on chip.
 *
 * <pre>
 * item after item   to the highest rows that are free while it lives, unless that leaves a layer
 *                   too few banks; again, until nothing more finds a place
 * order after order by bytes saved for each row, ...; the best plan is kept
 * what was left out first of all, one after the other; where that makes a better plan it stays so
 * </pre>
 *
 * <p>A number of attempts that does not grow with the problem, each in n log n steps.
 */
final class OnChipFit {
  private static final int ATTEMPTS = 24;

  private static final List<Comparator<Item>> ORDERS =
      List.of(
          Comparator.comparingDouble(i -> -(double) i.saved() / i.rows()),
          Comparator.comparingDouble(
              i -> -(double) i.saved() / ((double) i.rows() * (i.last() - i.first() + 1))),
          Comparator.comparingLong(i -> -i.saved()));

  /** What speaks for a place and for a plan, beside the rules. */
  interface Judge {
    /** Whether an item is to stay at a row, beside what stays already. */
    boolean takes(OnChipUse use, Item item, int row);

    /** What a plan costs; of equal costs the plan that saves more is better. */
    double cost(OnChipUse use);
  }

  private record Plan(List<Item> order, OnChipUse use, double cost, long saved) {
    boolean betterThan(Plan o) {
      return cost != o.cost ? cost < o.cost : saved > o.saved;
    }
  }

  private final OnChipProblem problem;
  private final Judge judge;

  private OnChipFit(OnChipProblem problem, Judge judge) {
    this.problem = problem;
    this.judge = judge;
  }

  /** Equal problems get equal plans. */
  static OnChipUse solve(OnChipProblem problem, Judge judge) {
    return new OnChipFit(problem, judge).solve();
  }

  private OnChipUse solve() {
    Plan best = place(sorted(ORDERS.getFirst()));
    for (int i = 1; i < ORDERS.size() && !whole(best); i++) {
      best = better(best, place(sorted(ORDERS.get(i))));
    }
    List<Item> waiting = leftOut(best);
    for (int i = 0; i < ATTEMPTS && !waiting.isEmpty(); i++) {
      Item item = waiting.removeFirst();
      List<Item> order = new ArrayList<>(best.order());
      order.remove(item);
      order.addFirst(item);
      Plan other = place(order);
      if (other.betterThan(best)) {
        best = other;
        waiting = leftOut(best);
      }
    }
    return best.use();
  }

  private List<Item> sorted(Comparator<Item> order) {
    List<Item> items = new ArrayList<>(problem.items());
    items.sort(order.thenComparing(Item::name));
    return items;
  }

  private boolean whole(Plan plan) {
    return plan.use().rows().size() == problem.items().size();
  }

  private static Plan better(Plan a, Plan b) {
    return b.betterThan(a) ? b : a;
  }

  private static List<Item> leftOut(Plan plan) {
    List<Item> items = new ArrayList<>(plan.order());
    items.removeIf(i -> plan.use().rows().containsKey(i.name()));
    return items;
  }

  private Plan place(List<Item> order) {
    OnChipUse use = new OnChipUse(problem);
    List<Item> left = new ArrayList<>(order);
    int before = -1;
    while (use.rows().size() > before) {
      before = use.rows().size();
      left.removeIf(i -> put(use, i));
    }
    return new Plan(order, use, judge.cost(use), problem.saved(use.rows()));
  }

  private boolean put(OnChipUse use, Item item) {
    int row = use.highest(item);
    boolean stays = row >= 0 && use.leavesEnough(item, row) && judge.takes(use, item, row);
    if (stays) {
      use.put(item, row);
    }
    return stays;
  }
}
