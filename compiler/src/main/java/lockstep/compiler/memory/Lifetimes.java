// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Things that live from one layer to another, and which of them live during others: log n steps for
 * each question and one for each answer.
 *
 * <pre>
 * alive in [from, to] = alive in from + born in (from, to]
 *
 *            [0 3]             a thing is noted at the fewest nodes that make up its life;
 *       [0 1]     [2 3]        those alive in a layer are noted on the way from it to the root
 *      0     1   2     3
 * </pre>
 */
public final class Lifetimes<T> {
  private final int begin;
  private final int leaves;
  private final List<List<T>> nodes;
  private final NavigableMap<Integer, List<T>> born = new TreeMap<>();

  /** For lives within layers {@code begin} to {@code end}, both included. */
  public Lifetimes(int begin, int end) {
    this.begin = begin;
    leaves = end - begin + 1;
    nodes = new ArrayList<>(2 * leaves);
    for (int i = 0; i < 2 * leaves; i++) {
      nodes.add(List.of());
    }
  }

  /** Adds a thing that is alive from layer {@code first} to layer {@code last}. */
  public void add(T thing, int first, int last) {
    int from = first - begin + leaves;
    int to = last - begin + leaves + 1;
    while (from < to) {
      if (from % 2 == 1) {
        note(from++, thing);
      }
      if (to % 2 == 1) {
        note(--to, thing);
      }
      from /= 2;
      to /= 2;
    }
    born.computeIfAbsent(first, layer -> new ArrayList<>()).add(thing);
  }

  private void note(int node, T thing) {
    if (nodes.get(node).isEmpty()) {
      nodes.set(node, new ArrayList<>(List.of(thing)));
    } else {
      nodes.get(node).add(thing);
    }
  }

  /** Those alive in some layer from {@code first} to {@code last}, each once, in no order. */
  public List<T> during(int first, int last) {
    List<T> alive = new ArrayList<>();
    for (int node = first - begin + leaves; node > 0; node /= 2) {
      alive.addAll(nodes.get(node));
    }
    born.subMap(first, false, last, true).values().forEach(alive::addAll);
    return alive;
  }
}
