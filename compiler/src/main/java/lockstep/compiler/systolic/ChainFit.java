// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lockstep.compiler.systolic.ChainProblem.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among chains those without a common layer that gain most in all.
 *
 * <pre>
 * best(end) = max(best(end - 1), best(first - 1) + gain of a chain from first to end)
 * </pre>
 *
 * <p>A gain is found by mapping search, which takes long, but cannot pass its bound, which does
 * not. So the choice is made with the bounds, the gains of the chains chosen are found, and the
 * choice is made again, until it is of found gains only: then no other is better. After {@code
 * trials} gains the candidates without one are left out.
 */
final class ChainFit {
  private final ChainProblem problem;
  private final Function<Candidate, Double> gain;
  private final Map<Candidate, Double> found = new HashMap<>();
  private final int trials;

  private ChainFit(ChainProblem problem, Function<Candidate, Double> gain, int trials) {
    this.problem = problem;
    this.gain = gain;
    this.trials = trials;
  }

  /**
   * The chains to run, in order, each with a gain above 0.
   *
   * @param gain finds the gain of a candidate, at most its bound; called by several threads
   * @param trials gains that may be found
   */
  static List<Candidate> solve(ChainProblem problem, Function<Candidate, Double> gain, int trials) {
    return new ChainFit(problem, gain, trials).solve();
  }

  private List<Candidate> solve() {
    List<Candidate> left = new ArrayList<>(problem.candidates());
    left.sort(
        Comparator.comparingInt(Candidate::last)
            .thenComparingInt(Candidate::first)
            .thenComparingInt(Candidate::lines));
    while (true) {
      List<Candidate> chosen = best(left);
      List<Candidate> unknown = chosen.stream().filter(c -> !found.containsKey(c)).toList();
      if (unknown.isEmpty()) {
        return chosen;
      }
      List<Candidate> next =
          unknown.subList(0, Math.min(unknown.size(), Math.max(0, trials - found.size())));
      if (next.isEmpty()) {
        left.removeIf(c -> !found.containsKey(c));
      }
      List<Double> gains = next.parallelStream().map(gain).toList();
      for (int i = 0; i < next.size(); i++) {
        found.put(next.get(i), gains.get(i));
      }
    }
  }

  private List<Candidate> best(List<Candidate> sorted) {
    double[] best = new double[problem.layers() + 1];
    @Nullable Candidate[] ends = new Candidate[problem.layers() + 1];
    int next = 0;
    for (int end = 1; end <= problem.layers(); end++) {
      best[end] = best[end - 1];
      for (; next < sorted.size() && sorted.get(next).last() == end - 1; next++) {
        Candidate c = sorted.get(next);
        double sum = best[c.first()] + found.getOrDefault(c, c.bound());
        if (sum > best[end]) {
          best[end] = sum;
          ends[end] = c;
        }
      }
    }
    List<Candidate> chosen = new ArrayList<>();
    for (int at = problem.layers(); at > 0; ) {
      Candidate c = ends[at];
      if (c == null) {
        at--;
      } else {
        chosen.addFirst(c);
        at = c.first();
      }
    }
    return chosen;
  }
}
