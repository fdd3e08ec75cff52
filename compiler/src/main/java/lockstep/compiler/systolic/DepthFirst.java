// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Program.Stripes;
import lockstep.compiler.systolic.ChainProblem.Candidate;

/**
 * Chooses which layers of a stretch run depth-first, in stripes of output lines.
 *
 * <pre>
 * candidates   up to {@code LONGEST} layers in a row whose inner tensors nobody else uses; for each
 *              number of banks the highest stripes whose inner tensors fill no more than those
 * choice       {@link ChainFit} by gains of {@link ChainTrial}, bounded by {@link ChainBound}
 * check        the plan of the scratchpad is made anew for the whole stretch; chains whose layers
 *              then do not gain are left out
 * </pre>
 */
final class DepthFirst {
  private static final int LONGEST = 16;
  private static final int TRIALS = 96;
  private static final int TRIALS_OF_A_LAYER = 2;
  private static final int PLANS = 4;

  /** More than any score: gained by each layer that the user wants in a chain. */
  private static final double WANTED = 1e15;

  private final SystolicArchitecture arch;
  private final MappingSearch search;
  private final Stretch stretch;
  private final MemoryPlan plan;
  private final OnChipPlan base;
  private final Map<List<Integer>, ChainShape> shapes = new HashMap<>();

  private DepthFirst(
      SystolicArchitecture arch,
      MappingSearch search,
      Stretch stretch,
      MemoryPlan plan,
      OnChipPlan base) {
    this.arch = arch;
    this.search = search;
    this.stretch = stretch;
    this.plan = plan;
    this.base = base;
  }

  /**
   * What stays on chip, and which chains there are.
   *
   * @param stretch with its chains
   * @param before what stays on chip without chains
   */
  record Choice(Stretch stretch, OnChipPlan onChip, OnChipPlan before) {

    /**
     * How a layer runs.
     *
     * @param earlier chains of earlier stretches
     */
    Stripes stripes(int layer, int earlier) {
      Chain chain = stretch.chain(layer);
      if (chain == null) {
        return Stripes.NONE;
      }
      long macs = stretch.parts(layer).stream().mapToLong(Contraction::macs).sum();
      return new Stripes(
          earlier + stretch.chains().indexOf(chain) + 1,
          chain.stripes(),
          macs - stretch.layers().get(layer).macs(),
          before.memoryBytes(layer) - onChip.memoryBytes(layer),
          Bounds.bytesAgain(stretch, layer, onChip.rooms().get(layer)));
    }
  }

  /**
   * The best found for a stretch.
   *
   * @param plan everything in memory
   * @param base what stays on chip without chains
   */
  static Choice choose(
      SystolicArchitecture arch,
      MappingSearch search,
      Stretch stretch,
      MemoryPlan plan,
      OnChipPlan base) {
    return new DepthFirst(arch, search, stretch, plan, base).choose();
  }

  private Choice choose() {
    ChainTrial trial = new ChainTrial(arch, search, stretch, plan, base);
    ChainProblem problem = problem(trial);
    problem.check().ifPresent(DepthFirst::refuse);
    List<Candidate> chosen =
        ChainFit.solve(
            problem, c -> trial.gain(shape(c), c.lines()) + wanted(shape(c)) * WANTED, trials());
    problem.verify(chosen).ifPresent(DepthFirst::refuse);
    List<Chain> chains = new ArrayList<>();
    for (Candidate c : chosen) {
      Chain chain = Chain.of(shape(c), c.lines());
      chain.verify().ifPresent(DepthFirst::refuse);
      chains.add(chain);
    }
    for (int i = 0; i < PLANS && !chains.isEmpty(); i++) {
      Stretch striped = stretch.with(List.copyOf(chains));
      OnChipPlan onChip = new OnChipPlan(arch, search, striped, plan.with(chains));
      boolean pays = onChip.cost() < base.cost();
      if (chains.removeIf(c -> wanted(c.shape()) == 0 && loses(c, onChip))) {
        continue;
      }
      if (pays || chains.stream().allMatch(c -> wanted(c.shape()) > 0)) {
        return new Choice(striped, onChip, base);
      }
    }
    return new Choice(stretch, base, base);
  }

  /** Layers of a chain that the user wants in one. */
  private long wanted(ChainShape shape) {
    return shape.layers().stream().filter(search::wantsStripes).count();
  }

  private ChainShape shape(Candidate c) {
    return Objects.requireNonNull(shapes.get(List.of(c.first(), c.last())));
  }

  private static void refuse(String fault) {
    throw new IllegalStateException("the plan of the chains is wrong: " + fault);
  }

  private boolean loses(Chain chain, OnChipPlan onChip) {
    double gain = 0;
    for (int layer = chain.first(); layer <= chain.last(); layer++) {
      gain += base.score(layer) - onChip.score(layer);
    }
    return gain <= 0;
  }

  private ChainProblem problem(ChainTrial trial) {
    AllocationUses uses = new AllocationUses(stretch, plan);
    ChainBound bound = new ChainBound(arch, stretch, plan, base.rooms());
    List<Candidate> candidates = new ArrayList<>();
    for (int first = 0; first < stretch.layers().size(); first++) {
      int end = Math.min(stretch.layers().size(), first + LONGEST);
      for (int last = first; last < end && cuttable(last); last++) {
        Optional<ChainShape> shape = ChainShape.of(stretch, plan, uses, first, last);
        if (shape.isPresent()) {
          shapes.put(List.of(first, last), shape.get());
          add(shape.get(), trial, bound, candidates);
        }
      }
    }
    return new ChainProblem(stretch.layers().size(), candidates);
  }

  /** Gains that may be found: as many as layers ask for, so that time grows as they do. */
  private int trials() {
    return Math.max(TRIALS, TRIALS_OF_A_LAYER * stretch.layers().size());
  }

  private boolean cuttable(int layer) {
    Contraction c = stretch.layers().get(layer);
    return c.right() == null
        && c.sources().size() == 1
        && !stretch.copies().get(layer)
        && c.output().h() > 1
        && search.stripes(c);
  }

  private void add(
      ChainShape shape, ChainTrial trial, ChainBound bound, List<Candidate> candidates) {
    for (int lines : new TreeSet<>(heights(shape)).descendingSet()) {
      double gain = trial.before(shape) - bound.score(shape, lines) + wanted(shape) * WANTED;
      candidates.add(new Candidate(shape.first(), shape.last(), lines, gain));
    }
  }

  /** For each number of banks the highest stripes that fill no more. */
  private List<Integer> heights(ChainShape shape) {
    List<Integer> heights = new ArrayList<>();
    Map<Integer, Long> taken = new HashMap<>();
    int most = (shape.height() + 1) / 2;
    int low = 0; // what fits fewer banks fits more
    for (int banks = 1; banks < arch.scratchpad().banks(); banks++) {
      long rows = (long) banks * arch.scratchpad().rowsPerBank();
      int high = most;
      while (low < high) {
        int middle = (low + high + 1) / 2;
        if (taken.computeIfAbsent(middle, lines -> rows(shape, lines)) <= rows) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      if (low > 0) {
        // of the heights that make as many stripes the least
        heights.add(Math.ceilDiv(shape.height(), shape.stripes(low)));
      }
    }
    return heights;
  }

  /** Rows of the inner tensors of a stripe, those between the two layers where they are most. */
  private long rows(ChainShape shape, int lines) {
    Optional<List<LineCut>> cuts = shape.demand(shape.stripe(shape.middle(lines), lines));
    if (cuts.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Map<String, long[]> inner = new HashMap<>();
    for (int i = 0; i < cuts.get().size(); i++) {
      LineCut cut = cuts.get().get(i);
      for (Tensor t : ChainShape.writes(cut.whole())) {
        if (shape.isInner(t)) {
          Tensor whole = plan.tensor(plan.whole(t));
          int blocks = Math.ceilDiv(whole.c(), arch.array().rows());
          long rows = (long) blocks * cut.out().size() * whole.w() * whole.n();
          int layer = i;
          inner.computeIfAbsent(whole.name(), name -> new long[] {rows, layer, layer});
        }
      }
      for (Tensor read : ChainShape.read(cut.whole())) {
        long[] life = inner.get(plan.whole(read));
        if (life != null) {
          life[2] = i;
        }
      }
    }
    return IntStream.range(0, cuts.get().size())
        .mapToLong(
            layer ->
                inner.values().stream()
                    .filter(life -> life[1] <= layer && layer <= life[2])
                    .mapToLong(life -> life[0])
                    .sum())
        .max()
        .orElse(0);
  }
}
