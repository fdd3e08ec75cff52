// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.memory.ArenaProblem.Block;

/**
 * First fit: block after block goes to the lowest address at which it meets none that lives with it
 * and has its place already. The largest first is the usual order (greedy by size; Pisarchyk and
 * Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020); where that leaves the
 * lower bound above, other orders are tried, and the smallest arena is taken.
 *
 * <p>Time grows as n log n with the blocks, and with the number that live at the same time.
 */
public final class ArenaFit {
  private static final Comparator<Block> LARGEST = Comparator.comparingLong(b -> -b.bytes());

  /** Each is tried only where those before it miss the bound. */
  private static final List<Comparator<Block>> ORDERS =
      List.of(
          LARGEST,
          Comparator.comparingLong(b -> -b.bytes() * (b.last() - b.first() + 1L)),
          Comparator.comparingInt((Block b) -> b.first() - b.last()).thenComparing(LARGEST),
          Comparator.comparingInt(Block::first).thenComparing(LARGEST),
          Comparator.comparingInt((Block b) -> -b.last()).thenComparing(LARGEST));

  private ArenaFit() {}

  /** Addresses by the blocks' names; equal problems get equal ones. */
  public static Map<String, Long> solve(ArenaProblem problem) {
    long bound = problem.lowerBound();
    Map<String, Long> best = firstFit(problem, ORDERS.getFirst());
    for (int i = 1; i < ORDERS.size() && problem.peak(best) > bound; i++) {
      Map<String, Long> other = firstFit(problem, ORDERS.get(i));
      if (problem.peak(other) < problem.peak(best)) {
        best = other;
      }
    }
    return best;
  }

  private static Map<String, Long> firstFit(ArenaProblem problem, Comparator<Block> order) {
    List<Block> blocks = new ArrayList<>(problem.blocks());
    blocks.sort(order.thenComparing(Block::name));
    int[] layers = ArenaProblem.layers(blocks);
    Lifetimes<long[]> placed = new Lifetimes<>(layers[0], layers[1]);
    Map<String, Long> addresses = new HashMap<>();
    for (Block b : blocks) {
      List<long[]> taken = placed.during(b.first(), b.last());
      taken.sort(Comparator.comparingLong(t -> t[0]));
      long at = 0;
      for (long[] t : taken) {
        if (at + b.bytes() <= t[0]) {
          break;
        }
        at = Math.max(at, problem.aligned(t[1]));
      }
      addresses.put(b.name(), at);
      placed.add(new long[] {at, at + b.bytes()}, b.first(), b.last());
    }
    return addresses;
  }
}
