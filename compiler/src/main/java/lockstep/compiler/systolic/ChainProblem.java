// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Which layers of a stretch run depth-first, in stripes of how many lines: as much as possible is
 * to be gained.
 *
 * <pre>
 * layer     0   1   2   3   4   5
 *           [ a, 14 lines ] [ c, 7 ]
 *               [ b, 28 lines ]          a and b have layers in common: one of them
 * </pre>
 *
 * @param layers of the stretch
 * @param candidates chains that could be; what each gains takes a search to find
 */
record ChainProblem(int layers, List<Candidate> candidates) {

  /**
   * A chain that could run in stripes.
   *
   * @param first first layer
   * @param last last layer
   * @param lines output lines of a stripe
   * @param bound no mapping of its stripes gains more
   */
  record Candidate(int first, int last, int lines, double bound) {}

  ChainProblem {
    candidates = List.copyOf(candidates);
  }

  /** What is wrong with the problem itself, if anything. */
  Optional<String> check() {
    Set<List<Integer>> seen = new HashSet<>();
    for (Candidate c : candidates) {
      if (c.first() < 0 || c.first() >= c.last() || c.last() >= layers) {
        return fault("no chain reaches from layer %d to layer %d", c.first(), c.last());
      }
      if (c.lines() < 1) {
        return fault("stripes of %d lines", c.lines());
      }
      if (!seen.add(List.of(c.first(), c.last(), c.lines()))) {
        return fault("layers %d to %d are there twice in %d lines", c.first(), c.last(), c.lines());
      }
    }
    return Optional.empty();
  }

  /** The first rule that a choice breaks, if any. */
  Optional<String> verify(List<Candidate> chosen) {
    Set<Candidate> known = new HashSet<>(candidates);
    List<Candidate> sorted = new ArrayList<>(chosen);
    sorted.sort(Comparator.comparingInt(Candidate::first));
    for (int i = 0; i < sorted.size(); i++) {
      Candidate c = sorted.get(i);
      if (!known.contains(c)) {
        return fault("layers %d to %d are no candidate", c.first(), c.last());
      }
      if (i > 0 && sorted.get(i - 1).last() >= c.first()) {
        return fault("layer %d is in two chains", c.first());
      }
    }
    return Optional.empty();
  }

  /** What a choice gains. */
  static double gain(List<Candidate> chosen, ToDoubleFunction<Candidate> gain) {
    return chosen.stream().mapToDouble(gain).sum();
  }

  private static Optional<String> fault(String text, Object... values) {
    return Optional.of(text.formatted(values));
  }
}
