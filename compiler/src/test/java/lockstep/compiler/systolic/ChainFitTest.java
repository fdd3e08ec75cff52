// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import lockstep.compiler.systolic.ChainProblem.Candidate;
import org.junit.jupiter.api.Test;

class ChainFitTest {
  private static final int CASES = 300;

  @Test
  void gainsAsMuchAsTheBestOfAllChoices() {
    int searched = 0;
    int all = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Candidate, Double> gains = draw(random);
      ChainProblem problem = new ChainProblem(9, List.copyOf(gains.keySet()));
      assertThat(problem.check()).as("seed " + seed).isEmpty();
      AtomicInteger trials = new AtomicInteger();
      List<Candidate> chosen =
          ChainFit.solve(
              problem,
              c -> {
                trials.incrementAndGet();
                return gain(gains, c);
              },
              Integer.MAX_VALUE);
      assertThat(problem.verify(chosen)).as("seed " + seed).isEmpty();
      assertThat(chosen).as("seed " + seed).allMatch(c -> gain(gains, c) > 0);
      assertThat(ChainProblem.gain(chosen, c -> gain(gains, c)))
          .as("seed " + seed)
          .isCloseTo(best(problem, gains, 0, new ArrayList<>()), within(1e-9));
      searched += trials.get();
      all += gains.size();
    }
    assertThat(searched).as("gains found of %d", all).isLessThan(all / 2);
  }

  @Test
  void isOfFoundGainsOnlyHoweverFewTrialsThereAre() {
    for (int seed = 0; seed < CASES; seed++) {
      Map<Candidate, Double> gains = draw(new SplittableRandom(seed));
      ChainProblem problem = new ChainProblem(9, List.copyOf(gains.keySet()));
      AtomicInteger trials = new AtomicInteger();
      List<Candidate> chosen =
          ChainFit.solve(
              problem,
              c -> {
                trials.incrementAndGet();
                return gain(gains, c);
              },
              4);
      assertThat(trials.get()).isLessThanOrEqualTo(4);
      assertThat(problem.verify(chosen)).isEmpty();
      assertThat(chosen).allMatch(c -> gain(gains, c) > 0);
    }
  }

  private static double gain(Map<Candidate, Double> gains, Candidate c) {
    return Objects.requireNonNull(gains.get(c));
  }

  private static Map<Candidate, Double> draw(SplittableRandom random) {
    Map<Candidate, Double> gains = new HashMap<>();
    for (int first = 0; first < 8; first++) {
      for (int last = first + 1; last < 9; last++) {
        if (random.nextInt(3) == 0) {
          for (int lines = 1; lines <= 1 + random.nextInt(2); lines++) {
            double gain = random.nextDouble(-5, 10);
            gains.put(new Candidate(first, last, lines, gain + random.nextDouble(0, 6)), gain);
          }
        }
      }
    }
    return gains;
  }

  private static double best(
      ChainProblem problem, Map<Candidate, Double> gains, int index, List<Candidate> chosen) {
    if (index == problem.candidates().size()) {
      return ChainProblem.gain(chosen, c -> gain(gains, c));
    }
    double without = best(problem, gains, index + 1, chosen);
    chosen.add(problem.candidates().get(index));
    double with =
        problem.verify(chosen).isEmpty()
            ? best(problem, gains, index + 1, chosen)
            : Double.NEGATIVE_INFINITY;
    chosen.removeLast();
    return Math.max(without, with);
  }

  @Test
  void saysWhichRuleIsBroken() {
    Candidate a = new Candidate(0, 2, 7, 1);
    Candidate b = new Candidate(2, 3, 7, 1);
    Candidate c = new Candidate(3, 4, 7, 1);
    ChainProblem problem = new ChainProblem(5, List.of(a, b, c));
    assertThat(problem.verify(List.of(c, a))).isEmpty();
    assertThat(problem.verify(List.of(b, a))).hasValue("layer 2 is in two chains");
    assertThat(problem.verify(List.of(new Candidate(0, 1, 7, 1))))
        .hasValue("layers 0 to 1 are no candidate");
    assertThat(new ChainProblem(4, List.of(c)).check())
        .hasValue("no chain reaches from layer 3 to layer 4");
    assertThat(new ChainProblem(5, List.of(new Candidate(0, 1, 0, 1))).check())
        .hasValue("stripes of 0 lines");
    assertThat(new ChainProblem(5, List.of(a, new Candidate(0, 2, 7, 2))).check())
        .hasValue("layers 0 to 2 are there twice in 7 lines");
  }
}
