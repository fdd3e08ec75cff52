// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.onlyConv;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** What convolutions take in, and the copies that carry the rest. */
class FusionPassesTest {
  private static final Window SAME = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
  private static final Window HALF = new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0);
  private static final Op.Conv CONV = new Op.Conv(SAME, 1);
  private static final Activation SIX = new Activation.Clamp(0, 6);
  private static final Op POOL = new Op.MaxPool(HALF);

  private static GraphBuilder image() {
    return new GraphBuilder().input("x", 1, 3, 4, 4).constant("w", 3, 3, 3, 3).constant("b", 3);
  }

  private static Op activate(Activation activation) {
    return new Op.Activate(activation);
  }

  @Test
  void activationsAreTakenIn() {
    Graph after =
        fires(
            new FuseActivation(),
            image()
                .node("c", CONV, "x", "w", "b")
                .node("r", activate(Activation.RELU), "c")
                .node("y", activate(SIX), "r")
                .output("y")
                .build());
    assertThat(onlyConv(after).activation()).isEqualTo(SIX);
  }

  @Test
  void leakyActivationsAreTakenIn() {
    Activation leaky = new Activation.Leaky(0.25);
    Graph after =
        fires(
            new FuseActivation(),
            image().node("c", CONV, "x", "w").node("y", activate(leaky), "c").output("y").build());
    assertThat(onlyConv(after).activation()).isEqualTo(leaky);
  }

  @Test
  void activationsOfAnOutputStay() {
    doesNotFire(
        new FuseActivation(),
        image().node("c", CONV, "x", "w").node("y", activate(SIX), "c").output("y", "c").build());
  }

  @Test
  void activationsBehindAnEncodingStay() {
    doesNotFire(
        new FuseActivation(),
        image()
            .node("c", CONV, "x", "w")
            .quantised("c", 0.1, 0)
            .node("y", activate(SIX), "c")
            .output("y")
            .build());
  }

  @Test
  void poolingIsTakenInBeforeTheActivation() {
    Graph graph =
        image()
            .node("c", CONV, "x", "w", "b")
            .node("r", activate(Activation.RELU), "c")
            .node("y", POOL, "r")
            .output("y")
            .build();
    doesNotFire(new FusePool(), graph);
    Graph after = fires(new FusePool(), new FuseActivation().apply(graph));
    assertThat(onlyConv(after)).isEqualTo(new Op.Conv(SAME, 1, HALF, false, Activation.RELU));
  }

  @Test
  void aSecondPoolingStays() {
    Graph once =
        fires(
            new FusePool(),
            image()
                .node("c", CONV, "x", "w")
                .node("p", POOL, "c")
                .node("y", POOL, "p")
                .output("y")
                .build());
    assertThat(ops(once)).hasSize(2);
    Graph copies = fires(new MaxPoolToConv(), once);
    assertThat(ops(copies))
        .last()
        .isEqualTo(new Op.Conv(Window.POINT, 3, HALF, false, Activation.NONE));
  }

  @Test
  void poolingIntoAnotherEncodingStays() {
    doesNotFire(
        new FusePool(),
        image()
            .node("c", CONV, "x", "w")
            .quantised("c", 0.1, 0)
            .node("y", POOL, "c")
            .quantised("y", 0.2, 0)
            .output("y")
            .build());
  }

  @Test
  void theLaterConvolutionTakesInTheSum() {
    Graph after =
        fires(
            new FuseResidual(),
            image()
                .node("c", CONV, "x", "w", "b")
                .node("d", CONV, "x", "w")
                .node("y", new Op.Add(), "c", "d")
                .output("y")
                .build());
    assertThat(after.nodes()).hasSize(2);
    assertThat(after.nodes().getLast().inputs()).isEqualTo(List.of("x", "w", "c"));
    assertThat(after.nodes().getLast().op())
        .isEqualTo(new Op.Conv(SAME, 1, null, true, Activation.NONE));
  }

  @Test
  void sumsWithWhatIsActivatedOrUsedElsewhereStay() {
    doesNotFire(
        new FuseResidual(),
        image()
            .node("c", new Op.Conv(SAME, 1, null, false, Activation.RELU), "x", "w")
            .node("d", CONV, "x", "w")
            .node("y", new Op.Add(), "c", "d")
            .output("y", "d")
            .build());
  }

  @Test
  void broadcastSumsStay() {
    Graph graph =
        image()
            .input("z", 1, 3, 1, 1)
            .node("c", CONV, "x", "w")
            .node("y", new Op.Add(), "c", "z")
            .output("y")
            .build();
    doesNotFire(new FuseResidual(), graph);
    doesNotFire(new AddToConv(), graph);
  }

  @Test
  void otherSumsAreOfACopy() {
    Graph after =
        fires(
            new AddToConv(),
            image().input("z", 1, 3, 4, 4).node("y", new Op.Add(), "x", "z").output("y").build());
    assertThat(onlyConv(after))
        .isEqualTo(new Op.Conv(Window.POINT, 3, null, true, Activation.NONE));
  }

  @Test
  void otherActivationsAreOfACopy() {
    Graph after =
        fires(
            new ActivationToConv(),
            new GraphBuilder()
                .input("x", 2, 3, 2, 2, 2)
                .node("y", activate(SIX), "x")
                .output("y")
                .build());
    assertThat(ops(after)).contains(new Op.Conv(Window.POINT, 3, null, false, SIX));
    doesNotFire(new ActivationToConv(), after);
  }

  @Test
  void convolutionsTakeInPadding() {
    Op pad = new Op.Pad(List.of(0, 0, 1, 2), List.of(0, 0, 3, 0), 0);
    Graph after =
        fires(
            new FoldPad(),
            image().node("p", pad, "x").node("y", CONV, "p", "w").output("y").build());
    assertThat(onlyConv(after).window()).isEqualTo(new Window(3, 3, 1, 1, 1, 1, 2, 3, 4, 1));
  }

  @Test
  void paddingWithOnesOrOfChannelsStays() {
    Op ones = new Op.Pad(List.of(0, 0, 1, 1), List.of(0, 0, 1, 1), 1);
    Op channels = new Op.Pad(List.of(0, 1, 0, 0), List.of(0, 0, 0, 0), 0);
    Op crop = new Op.Pad(List.of(0, 0, -1, 0), List.of(0, 0, 0, 0), 0);
    for (Op pad : List.of(ones, channels, crop)) {
      Graph graph = image().node("p", pad, "x").node("y", activate(SIX), "p").output("y").build();
      doesNotFire(new FoldPad(), graph);
      doesNotFire(new PadToConv(), graph);
    }
  }

  @Test
  void paddingBeforeMaximaIsOfACopy() {
    Op pad = new Op.Pad(List.of(0, 0, 1, 0), List.of(0, 0, 0, 1), 0);
    Graph graph = image().node("p", pad, "x").node("y", POOL, "p").output("y").build();
    doesNotFire(new FoldPad(), graph);
    assertThat(ops(fires(new PadToConv(), graph)))
        .first()
        .isEqualTo(new Op.Conv(new Window(1, 1, 1, 1, 1, 1, 1, 0, 0, 1), 3));
  }
}
