// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of a problem, searched by branch and bound.
 *
 * <pre>
 * branch     reduction layout x dataflow x tile height x tile width      one {@link Tiling} each
 * bound      its busy cycles of array and store unit: tilings are opened in the order of their
 *            bounds, and none is once the bound passes the best score found
 * leaves     banks x output blocks x reduction tiles x loop order
 * dominance  of sizes that cut a dimension into equally many parts only the smallest is tried: it
 *            needs least memory for the same number of steps
 * </pre>
 */
final class MappingSpace {
  private final MappingProblem p;
  private final MappingRule rule;
  private long mappings;
  private long tried;
  private long cut;
  private @Nullable Mapping best;
  private @Nullable MappingCost bestCost;

  private MappingSpace(MappingProblem p, MappingRule rule) {
    this.p = p;
    this.rule = rule;
  }

  /**
   * The mapping with the best {@link MappingCost#score}, null if none is possible.
   *
   * @param rule what the user chose
   */
  static @Nullable FoundMapping search(MappingProblem p, MappingRule rule) {
    return new MappingSpace(p, rule).search();
  }

  private record Branch(
      boolean patches, Dataflow dataflow, int h, int w, int results, MappingCost.Tiling tiling) {}

  /** Banks for activations, weights and residuals. */
  private record Banks(int activations, int weights, int residuals) {}

  private @Nullable FoundMapping search() {
    List<Banks> banks = banks();
    List<Integer> groups = sizes(p.blocks(), rule.outputBlocks());
    List<Branch> branches = new ArrayList<>();
    for (boolean patches : choices(rule.patches())) {
      if (p.reduction(patches).tiles() == 0) {
        continue;
      }
      long leaves = leaves(patches, banks, groups);
      for (Dataflow dataflow : p.arch().array().dataflows()) {
        if (rule.dataflow() == null || rule.dataflow() == dataflow) {
          branch(patches, dataflow, leaves, branches);
        }
      }
    }
    branches.sort(Comparator.comparingLong(b -> b.tiling().leastCycles()));
    for (Branch b : branches) {
      if (bestCost != null && b.tiling().leastCycles() > bestCost.score()) {
        cut += leaves(b.patches(), banks, groups);
      } else {
        open(b, banks, groups);
      }
    }
    return best == null || bestCost == null
        ? null
        : new FoundMapping(best, bestCost, mappings, tried, cut);
  }

  private void branch(boolean patches, Dataflow dataflow, long leaves, List<Branch> branches) {
    for (int h : sizes(p.c().output().h(), rule.tileH())) {
      for (int w : sizes(p.c().output().w(), rule.tileW())) {
        mappings += leaves;
        int results = p.mostResults(h, w);
        if (results <= p.accumulatorRows() && results <= MappingCheck.MOST_RESULTS) {
          MappingCost.Tiling tiling = MappingCost.Tiling.of(p, patches, dataflow, h, w);
          branches.add(new Branch(patches, dataflow, h, w, results, tiling));
        }
      }
    }
  }

  private long leaves(boolean patches, List<Banks> banks, List<Integer> groups) {
    int chunks = sizes(p.reduction(patches).tiles(), rule.reductionTiles()).size();
    return (long) banks.size() * groups.size() * chunks * choices(rule.weightsOuter()).length;
  }

  private void open(Branch b, List<Banks> allBanks, List<Integer> groups) {
    long bankRows = p.bankRows();
    boolean input = p.room().input();
    List<Integer> chunks = sizes(p.reduction(b.patches()).tiles(), rule.reductionTiles());
    for (Banks banks : allBanks) {
      if (p.loadsResidual() && (long) b.h() * b.w() > banks.residuals() * bankRows) {
        continue;
      }
      for (int group : groups) {
        if ((long) b.results() * group > p.accumulatorRows()
            || group > p.arch().postProcessing().parameterRows()) {
          break;
        }
        for (int chunk : chunks) {
          long plane = input ? 0 : b.tiling().largestPlane() * chunk;
          long weights = p.weightRows(b.patches(), b.dataflow(), chunk, group);
          if (plane > banks.activations() * bankRows || weights > banks.weights() * bankRows) {
            break;
          }
          for (boolean weightsOuter : choices(rule.weightsOuter())) {
            offer(b, banks, group, chunk, weightsOuter);
          }
        }
      }
    }
  }

  private void offer(Branch b, Banks banks, int group, int chunk, boolean weightsOuter) {
    Mapping m =
        new Mapping(
            b.patches(),
            b.dataflow(),
            b.h(),
            b.w(),
            chunk,
            group,
            weightsOuter,
            banks.activations(),
            banks.weights(),
            banks.residuals());
    MappingCost cost = MappingCost.of(p, m, b.tiling());
    tried++;
    if (bestCost == null || cost.betterThan(bestCost)) {
      best = m;
      bestCost = cost;
    }
  }

  private List<Banks> banks() {
    List<Banks> all = new ArrayList<>();
    int banks = p.room().banks();
    boolean input = p.room().input();
    boolean fixed =
        rule.activationBanks() != null
            && rule.weightBanks() != null
            && rule.residualBanks() != null;
    for (int r = p.loadsResidual() ? 1 : 0; r <= (p.loadsResidual() ? banks : 0); r++) {
      for (int w = 1; w + r <= banks; w++) {
        for (int a = input ? 0 : 1; a + w + r <= banks && a <= (input ? 0 : banks); a++) {
          boolean allOfThem = a + w + r == banks;
          if ((fixed || allOfThem || rule.activationBanks() != null || rule.weightBanks() != null)
              && agrees(rule.activationBanks(), a)
              && agrees(rule.weightBanks(), w)
              && agrees(rule.residualBanks(), r)) {
            all.add(new Banks(a, w, r));
          }
        }
      }
    }
    return all;
  }

  private static boolean agrees(@Nullable Integer wanted, int value) {
    return wanted == null || wanted == value;
  }

  private static boolean[] choices(@Nullable Boolean wanted) {
    return wanted == null ? new boolean[] {false, true} : new boolean[] {wanted};
  }

  /** The size wanted, or all sizes {@code ceil(total / i)}: those that differ in the parts. */
  private static List<Integer> sizes(int total, @Nullable Integer wanted) {
    if (wanted != null) {
      return wanted >= 1 && wanted <= total ? List.of(wanted) : List.of();
    }
    TreeSet<Integer> sizes = new TreeSet<>();
    for (int parts = 1; parts <= total; ) {
      int size = Math.ceilDiv(total, parts);
      sizes.add(size);
      parts = size == 1 ? total + 1 : Math.ceilDiv(total, size - 1);
    }
    return List.copyOf(sizes);
  }
}
