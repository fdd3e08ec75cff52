// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.UserError;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

class MappingSpaceTest {

  @Test
  void theBoundCutsNothingThatIsBetter() {
    List<MappingProblem> problems = problems(60);
    assertThat(problems).hasSizeGreaterThan(50);
    for (MappingProblem p : problems) {
      FoundMapping found = Objects.requireNonNull(MappingSpace.search(p, MappingRule.FREE));
      assertThat(MappingCheck.firstFault(p, found.mapping())).as(p.key()).isEmpty();
      assertThat(found.tried() + found.cut()).isLessThanOrEqualTo(found.mappings());
      assertThat(found.cost().score()).as(p.key()).isLessThanOrEqualTo(bestOfAll(p));
    }
  }

  /** Every mapping of banks that are all used, no size left out but those that dominance leaves. */
  private static double bestOfAll(MappingProblem p) {
    double best = Double.POSITIVE_INFINITY;
    int banks = p.room().banks();
    for (Dataflow dataflow : p.arch().array().dataflows()) {
      for (boolean patches : new boolean[] {false, true}) {
        for (int h : steps(p.c().output().h())) {
          for (int w : steps(p.c().output().w())) {
            for (int chunk : steps(Math.max(1, p.reduction(patches).tiles()))) {
              for (int group : steps(p.blocks())) {
                for (int weights = 1; weights < banks; weights++) {
                  for (int residuals = 0; residuals + weights < banks; residuals++) {
                    for (boolean outer : new boolean[] {false, true}) {
                      Mapping m =
                          new Mapping(
                              patches,
                              dataflow,
                              h,
                              w,
                              chunk,
                              group,
                              outer,
                              banks - weights - residuals,
                              weights,
                              residuals);
                      if (MappingCheck.firstFault(p, m).isEmpty()) {
                        best = Math.min(best, score(p, m));
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return best;
  }

  private static double score(MappingProblem p, Mapping m) {
    MappingCost.Tiling tiling =
        MappingCost.Tiling.of(p, m.patches(), m.dataflow(), m.tileH(), m.tileW());
    return MappingCost.of(p, m, tiling).score();
  }

  private static List<Integer> steps(int total) {
    List<Integer> sizes = new ArrayList<>();
    for (int parts = 1; parts <= total; parts++) {
      sizes.add(Math.ceilDiv(total, parts));
    }
    return sizes.stream().distinct().toList();
  }

  private static List<MappingProblem> problems(int count) {
    List<MappingProblem> problems = new ArrayList<>();
    for (int seed = 0; problems.size() < count; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture arch = RandomSystolic.draw(random, "random", 8);
      Network network = RandomNetwork.draw(random, 1, 8);
      MemoryPlan plan = MemoryPlan.of(network, arch.array().cols());
      for (Stretch stretch : Stretch.of(network, plan)) {
        for (Contraction c : stretch.layers()) {
          MappingProblem p =
              MappingProblem.of(
                  arch, c, Stretch.sources(c, plan), Room.empty(arch.scratchpad().banks()));
          if (p.solvable()) {
            problems.add(p);
          }
        }
      }
    }
    return problems;
  }

  /** Outputs 4 to 7 are of both groups; their weights take more rows than those of 0 to 3. */
  @Test
  void aBlockThatTwoGroupsShareNeedsRoomForTheChannelsOfBoth() {
    SystolicArchitecture arch =
        new SystolicArchitecture(
            "four-columns",
            new SystolicArchitecture.Array(12, 4, Set.of(Dataflow.WS)),
            new SystolicArchitecture.Scratchpad(5 * 78 * 13, 5, 13),
            new SystolicArchitecture.Accumulator(1088, 2, 16),
            new SystolicArchitecture.PostProcessing(1, 5),
            new Dma(4, 1, 64),
            new SystolicArchitecture.Queues(3, 16),
            new OffChipMemory("unit", 0, 2, 1 << 28),
            1000,
            "unit");
    Tensor in = new Tensor("in", 2, 6, 2, 12, 1, 0);
    Tensor out = new Tensor("out", 2, 12, 1, 4, 1, 0);
    Output requantise = new Output(null, new int[12], new int[12], null, 0, 1 << 15, 0, -128, 127);
    Layer layer =
        new Layer.Convolution(
            "grouped",
            List.of(),
            in,
            new byte[12 * 3 * 5 * 3],
            new int[12],
            2,
            new Window(5, 3, 1, 3, 1, 1, 2, 1, 1, 1),
            requantise,
            out);
    Network network = new Network("grouped", List.of(in), List.of(layer), List.of(out));
    assertThat(SystolicCompiler.compile(network, arch, "").programs()).hasSize(1);
  }

  @Test
  void whatTheUserChoseIsKeptAndTheRestIsSearched() {
    for (MappingProblem p : problems(40)) {
      FoundMapping free = Objects.requireNonNull(MappingSpace.search(p, MappingRule.FREE));
      Mapping m = free.mapping();
      MappingRule whole =
          new MappingRule(
              "*",
              m.dataflow(),
              m.patches(),
              m.tileH(),
              m.tileW(),
              m.chunk(),
              m.group(),
              m.weightsOuter(),
              m.activationBanks(),
              m.weightBanks(),
              m.residualBanks(),
              null);
      FoundMapping given = Objects.requireNonNull(MappingSpace.search(p, whole));
      assertThat(given.mapping()).isEqualTo(m);
      assertThat(given.mappings()).isEqualTo(1);
      FoundMapping small =
          MappingSpace.search(
              p,
              new MappingRule(
                  "*", null, null, 1, 1, 1, null, !m.weightsOuter(), null, null, null, null));
      if (small != null) {
        assertThat(small.mapping().tileH()).isEqualTo(1);
        assertThat(small.mapping().chunk()).isEqualTo(1);
        assertThat(small.mapping().weightsOuter()).isNotEqualTo(m.weightsOuter());
        assertThat(small.cost().score()).isGreaterThanOrEqualTo(free.cost().score());
      }
    }
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() {
    MappingProblem p = problems(1).getFirst();
    int lines = p.c().output().h();
    MappingRule rule =
        new MappingRule(
            p.c().name(), null, null, lines + 1, 1, null, null, null, null, null, null, null);
    MappingSearch search = new MappingSearch(p.arch(), List.of(rule), null);
    assertThatThrownBy(
            () ->
                search.best(
                    p.c(),
                    Stretch.sources(p.c(), MemoryPlan.of(network(p), p.arch().array().cols())),
                    p.room()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("mapping of layer " + p.c().name())
        .hasMessageContaining("tile height " + (lines + 1) + " is not among the " + lines);
  }

  private static Network network(MappingProblem p) {
    return new Network("one", p.c().sources(), List.of(), p.c().sources());
  }
}
