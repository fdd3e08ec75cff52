// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lockstep.arch.SpecLoader;
import lockstep.arch.systolic.MappingRule;
import lockstep.arch.systolic.RandomSystolic;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.network.SiblingGroups;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.compiler.passes.Decision;
import lockstep.compiler.passes.FuseSiblings;
import lockstep.compiler.program.Program;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Layers that read one tensor, as one layer. */
class SiblingChoiceTest {
  private static final SystolicArchitecture ARCH =
      (SystolicArchitecture)
          SpecLoader.load(Path.of("../arch-specs/gemmini-16x16.yaml"), List.of()).architecture();
  private static final Tensor X = new Tensor("x", 1, 64, 14, 14, 1, -3);
  private static final Window THREE = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);

  private static Layer.Convolution layer(
      String name, Window w, int channels, @Nullable Tensor residual) {
    Tensor to = new Tensor(name, 1, channels, 14, 14, channels, channels % 5);
    return new Layer.Convolution(
        name,
        List.of(name),
        X,
        new byte[channels * 64 * w.kernelH() * w.kernelW()],
        new int[channels],
        1,
        w,
        new Output(
            null,
            new int[channels],
            new int[channels],
            residual,
            residual == null ? 0 : 1,
            1 << 15,
            0,
            -128,
            127),
        to);
  }

  private static Layer.Convolution point(String name, int channels) {
    return layer(name, Window.POINT, channels, null);
  }

  private static Network network(Layer... layers) {
    List<Tensor> outputs = new ArrayList<>();
    for (Layer layer : layers) {
      outputs.add(layer.output());
    }
    return new Network("n", List.of(X), List.of(layers), outputs);
  }

  private static List<String> names(Network network) {
    List<String> names = new ArrayList<>();
    for (Program p : SystolicCompiler.compile(network, ARCH, "").programs()) {
      p.layers().forEach(l -> names.add(l.name()));
    }
    return names;
  }

  @Test
  void siblingsAreOneLayerAtTheFirstOnesTurnWhateverTheirEncodings() {
    Network network =
        network(point("a", 32), layer("b", THREE, 32, null), point("c", 16), point("d", 40));
    FuseSiblings.Outcome outcome = new FuseSiblings().apply(network);
    assertThat(outcome.network().siblings()).containsExactly(List.of("a", "c", "d"));
    assertThat(names(NetworkCheck.require(outcome.network()))).containsExactly("a+c+d", "b");
    assertThat(outcome.decisions())
        .containsExactly(
            new Decision("fuse-siblings", "a", "3 Conv -> Conv", 2 * X.bytes()),
            new Decision(
                "fuse-siblings",
                "a",
                "2 Conv apart: their windows or pooling differ",
                0,
                X.bytes()));
    assertThat(new FuseSiblings().apply(outcome.network())).isEqualTo(outcome);
    assertThat(names(network)).as("unmarked").containsExactly("a", "b", "c", "d");
  }

  @Test
  void onlyTheLastOneMayEndInsideABlock() {
    Network network = SiblingGroups.marked(network(point("a", 24), point("b", 40), point("c", 16)));
    assertThat(names(network)).containsExactly("c+a", "b");
    assertThat(names(SiblingGroups.marked(network(point("a", 24), point("b", 40)))))
        .containsExactly("a", "b");
  }

  @Test
  void aLayerThatAddsSomethingStaysApart() {
    Layer.Convolution a = point("a", 32);
    Network network = network(a, layer("b", Window.POINT, 32, a.output()));
    FuseSiblings.Outcome outcome = new FuseSiblings().apply(network);
    assertThat(outcome.network()).isEqualTo(network);
    assertThat(outcome.decisions())
        .containsExactly(
            new Decision("fuse-siblings", "a", "2 Conv apart: 1 adding a residual", 0, X.bytes()));
  }

  @Test
  void aLayerThatTheUserMapsInAWayOfItsOwnStaysApart() {
    Network network = SiblingGroups.marked(network(point("a", 32), point("b", 32)));
    MappingRule tall =
        new MappingRule("a", null, null, 1, null, null, null, null, null, null, null, null);
    List<MappingRule> rules = List.of(tall);
    MappingSearch search = new MappingSearch(ARCH, rules, null);
    assertThat(SiblingChoice.arrange(network, 16, search, rules).siblings()).isEmpty();
    assertThat(SiblingChoice.arrange(network, 16, search, List.of()).siblings()).hasSize(1);
  }

  @Test
  void aWrongGroupIsRefused() {
    Network network = network(point("a", 32), layer("b", THREE, 32, null));
    assertThatThrownBy(() -> NetworkCheck.require(network.withSiblings(List.of(List.of("a", "b")))))
        .hasMessageContaining("no siblings");
  }

  @Test
  void randomNetworksHaveSiblingsThatMachinesTake() {
    int taken = 0;
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SystolicArchitecture arch = RandomSystolic.draw(random, "random", 12);
      Network network = RandomNetwork.draw(random, 1 + random.nextInt(4), 16);
      MappingSearch search = new MappingSearch(arch, List.of(), null);
      taken +=
          SiblingChoice.arrange(network, arch.array().cols(), search, List.of()).siblings().size();
    }
    assertThat(taken).isGreaterThan(10);
  }
}
