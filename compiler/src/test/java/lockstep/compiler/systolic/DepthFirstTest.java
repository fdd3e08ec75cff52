// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
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
import lockstep.compiler.program.CompiledModel;
import lockstep.compiler.program.Program.LayerInfo;
import org.junit.jupiter.api.Test;

class DepthFirstTest {

  /** 16 rows of 16 bytes a line; a whole tensor takes all of the scratchpad. */
  private static final SystolicArchitecture SMALL =
      new SystolicArchitecture(
          "small",
          new SystolicArchitecture.Array(16, 16, Set.of(Dataflow.WS)),
          new SystolicArchitecture.Scratchpad(4 * 256 * 16, 4, 16),
          new SystolicArchitecture.Accumulator(2 * 128 * 64, 2, 64),
          new SystolicArchitecture.PostProcessing(16, 16),
          new Dma(16, 16, 16),
          new SystolicArchitecture.Queues(16, 32),
          new OffChipMemory("unit", 20, 1, 1 << 28),
          1000,
          "unit");

  @Test
  void whatWouldNotFitWholeStaysInStripes() {
    List<LayerInfo> layers = layers(SystolicCompiler.compile(three(64, 16), SMALL, ""));
    assertThat(layers).extracting(l -> l.stripes().chain()).containsExactly(1, 1, 1);
    assertThat(layers.getFirst().onChip()).isEqualTo("output");
    assertThat(layers.get(1).onChip()).isEqualTo("input, output");
    assertThat(layers.getLast().onChip()).isEqualTo("input");
    int stripes = layers.getFirst().stripes().count();
    assertThat(stripes).isGreaterThan(1);
    // two 3x3 windows later, a stripe needs two lines more on both sides, but at the border
    long line = 16L * 16 * 16 * 9;
    assertThat(layers.getFirst().stripes().macsAgain()).isEqualTo((stripes - 1) * 4 * line);
    assertThat(layers.get(1).stripes().macsAgain()).isEqualTo((stripes - 1) * 2 * line);
    assertThat(layers.getLast().stripes().macsAgain()).isZero();
    long between = 2 * 2 * 64 * 16 * 16;
    long saved = layers.stream().mapToLong(l -> l.stripes().savedBytes()).sum();
    assertThat(saved).isBetween(between / 2, between);
  }

  @Test
  void whatFitsWholeIsNotCut() {
    assertThat(layers(SystolicCompiler.compile(three(16, 16), SMALL, "")))
        .allMatch(l -> l.stripes().chain() == 0);
  }

  @Test
  void theUserCanForbidIt() {
    MappingRule off =
        new MappingRule("b", null, null, null, null, null, null, null, null, null, null, false);
    assertThat(layers(SystolicCompiler.compile(three(64, 16), SMALL, "", List.of(off))))
        .allMatch(l -> l.stripes().chain() == 0);
  }

  private static List<LayerInfo> layers(CompiledModel model) {
    return model.programs().getFirst().layers();
  }

  /** Three 3x3 convolutions of 16 channels. */
  private static Network three(int h, int w) {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : List.of("x", "a_out", "b_out", "c_out")) {
      tensors.add(new Tensor(name, 1, 16, h, w, 1, 0));
    }
    Output out = new Output(null, new int[16], new int[16], null, 0, 1 << 15, 0, -128, 127);
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      layers.add(
          new Layer.Convolution(
              String.valueOf("abc".charAt(i)),
              List.of(),
              tensors.get(i),
              new byte[16 * 16 * 9],
              new int[16],
              1,
              new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1),
              out,
              tensors.get(i + 1)));
    }
    return new Network("three", tensors.subList(0, 1), layers, tensors.subList(3, 4));
  }

  private record Case(
      SystolicArchitecture arch, MappingSearch search, Stretch stretch, MemoryPlan plan) {}

  private static List<Case> cases(int count) {
    List<Case> cases = new ArrayList<>();
    for (int seed = 0; cases.size() < count; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture arch = RandomSystolic.draw(random, "random", 12);
      Network network = RandomNetwork.drawStraight(random, 2 + random.nextInt(4), 24);
      MemoryPlan plan = MemoryPlan.of(network, arch.array().cols());
      MappingSearch search = new MappingSearch(arch, List.of(), null);
      Room empty = Room.empty(arch.scratchpad().banks());
      for (Stretch s : Stretch.of(network, plan)) {
        if (s.layers().stream().allMatch(c -> search.fits(c, Stretch.sources(c, plan), empty))) {
          cases.add(new Case(arch, search, s, plan));
        }
      }
    }
    return cases;
  }

  private static List<ChainShape> shapes(Case c) {
    AllocationUses uses = new AllocationUses(c.stretch(), c.plan());
    List<ChainShape> shapes = new ArrayList<>();
    for (int first = 0; first < c.stretch().layers().size(); first++) {
      for (int last = first + 1; last < c.stretch().layers().size(); last++) {
        if (c.stretch().layers().subList(first, last + 1).stream()
            .allMatch(l -> l.right() == null && l.sources().size() == 1)) {
          ChainShape.of(c.stretch(), c.plan(), uses, first, last).ifPresent(shapes::add);
        }
      }
    }
    return shapes;
  }

  @Test
  void theBoundIsNoLessThanTheGain() {
    int compared = 0;
    for (Case c : cases(150)) {
      OnChipPlan base = new OnChipPlan(c.arch(), c.search(), c.stretch(), c.plan());
      ChainTrial trial = new ChainTrial(c.arch(), c.search(), c.stretch(), c.plan(), base);
      ChainBound bound = new ChainBound(c.arch(), c.stretch(), c.plan(), base.rooms());
      for (ChainShape shape : shapes(c)) {
        for (int lines = 1; lines < shape.height(); lines = 2 * lines + 1) {
          double gain = trial.gain(shape, lines);
          if (gain > Double.NEGATIVE_INFINITY) {
            assertThat(trial.before(shape) - bound.score(shape, lines))
                .as("%s, layers %d to %d", c.stretch(), shape.first(), shape.last())
                .isGreaterThanOrEqualTo(gain - 1e-6);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(60);
  }

  @Test
  void everyStripeSeesWhatItSeesInTheWhole() {
    int cut = 0;
    Map<Integer, Integer> stripes = new HashMap<>();
    for (Case c : cases(150)) {
      for (ChainShape shape : shapes(c)) {
        for (int lines = 1; lines < shape.height(); lines = 2 * lines + 1) {
          if (shape.cuttable(lines)) {
            Chain chain = Chain.of(shape, lines);
            assertThat(ChainCheck.firstFault(chain)).as(chain.toString()).isEmpty();
            stripes.merge(chain.stripes(), 1, Integer::sum);
            cut++;
          }
        }
      }
    }
    assertThat(cut).isGreaterThan(200);
    assertThat(stripes).hasSizeGreaterThan(5);
  }

  @Test
  void aWrongCutIsSeen() {
    Network network = three(16, 4);
    MemoryPlan plan = MemoryPlan.of(network, 16);
    Stretch stretch = Stretch.of(network, plan).getFirst();
    ChainShape shape =
        ChainShape.of(stretch, plan, new AllocationUses(stretch, plan), 0, 2).orElseThrow();
    Chain right = Chain.of(shape, 5);
    assertThat(ChainCheck.firstFault(right)).isEmpty();
    Chain other = Chain.of(shape, 4);
    List<List<Contraction>> mixed = new ArrayList<>(right.parts());
    mixed.set(2, other.parts().get(2));
    Map<String, LineView> views = new HashMap<>(other.views());
    views.putAll(right.views());
    assertThat(ChainCheck.firstFault(new Chain(shape, 5, mixed, views))).isPresent();
    List<List<Contraction>> swapped = new ArrayList<>(right.parts());
    swapped.set(2, swapped.get(2).reversed());
    assertThat(ChainCheck.firstFault(new Chain(shape, 5, swapped, right.views())).orElseThrow())
        .startsWith("layer c, stripe 0: ");
    assertThat(ChainCheck.firstFault(new Chain(shape, 6, right.parts(), right.views())))
        .hasValue("c_out ends at line 15 of 16");
  }
}
