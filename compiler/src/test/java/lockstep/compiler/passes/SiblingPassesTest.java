// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static lockstep.compiler.passes.PassAssert.doesNotFire;
import static lockstep.compiler.passes.PassAssert.fires;
import static lockstep.compiler.passes.PassAssert.onlyConv;
import static lockstep.compiler.passes.PassAssert.ops;
import static org.assertj.core.api.Assertions.assertThat;

import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** Convolutions of one value. */
class SiblingPassesTest {
  private static final Op.Conv POINT = new Op.Conv(Window.POINT, 1);
  private static final Op.Conv RELU = new Op.Conv(Window.POINT, 1, null, false, Activation.RELU);

  private static GraphBuilder value() {
    return new GraphBuilder()
        .input("x", 1, 2, 4, 4)
        .input("z", 1, 2, 4, 4)
        .constant("w", 3, 2, 1, 1)
        .constant("v", 3, 2, 1, 1)
        .constant("wide", 5, 2, 1, 1)
        .constant("b", 3);
  }

  @Test
  void siblingsSideBySideBecomeOne() {
    Graph after =
        fires(
            new JoinSiblings(),
            value()
                .node("p", RELU, "x", "w", "b")
                .node("q", RELU, "x", "wide")
                .node("r", RELU, "z", "v")
                .node("y", new Op.Concat(1), "p", "q", "r")
                .output("y")
                .build());
    assertThat(ops(after)).containsExactly(RELU, RELU, new Op.Concat(1));
  }

  @Test
  void siblingsOfDifferentKindsOrReadElsewhereStay() {
    doesNotFire(
        new JoinSiblings(),
        value()
            .node("p", RELU, "x", "w", "b")
            .node("q", POINT, "x", "wide")
            .node("y", new Op.Concat(1), "p", "q")
            .output("y")
            .build());
    doesNotFire(
        new JoinSiblings(),
        value()
            .node("p", RELU, "x", "w", "b")
            .node("q", RELU, "x", "wide")
            .node("y", new Op.Concat(1), "p", "q")
            .output("y", "q")
            .build());
    doesNotFire(
        new JoinSiblings(),
        value()
            .node("p", RELU, "x", "w", "b")
            .quantised("p", 0.1, 0)
            .node("q", RELU, "x", "wide")
            .node("y", new Op.Concat(1), "p", "q")
            .output("y")
            .build());
  }

  @Test
  void sumsOfSiblingsBecomeOne() {
    Graph after =
        fires(
            new AddSiblings(),
            value()
                .node("p", POINT, "x", "w", "b")
                .node("q", POINT, "x", "v")
                .node("y", new Op.Add(), "p", "q")
                .output("y")
                .build());
    assertThat(onlyConv(after)).isEqualTo(POINT);
  }

  @Test
  void sumsOfOthersStay() {
    doesNotFire(
        new AddSiblings(),
        value()
            .node("p", POINT, "x", "w", "b")
            .node("q", POINT, "z", "v")
            .node("y", new Op.Add(), "p", "q")
            .output("y")
            .build());
    doesNotFire(
        new AddSiblings(),
        value()
            .node("p", POINT, "x", "w", "b")
            .node("q", RELU, "x", "v")
            .node("y", new Op.Add(), "p", "q")
            .output("y")
            .build());
  }

  private static GraphBuilder joined() {
    return value()
        .constant("s", 8)
        .node("p", POINT, "x", "w", "b")
        .node("q", POINT, "z", "wide")
        .node("c", new Op.Concat(1), "p", "q");
  }

  @Test
  void scaleActivationAndPoolingComeBeforeAJoin() {
    Op.MaxPool pool = new Op.MaxPool(new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0));
    Op relu = new Op.Activate(Activation.RELU);
    Graph after =
        fires(
            new PerChannelBeforeConcat(),
            joined()
                .node("f", new Op.Affine(), "c", "s", "s")
                .node("a", relu, "f")
                .node("y", pool, "a")
                .output("y")
                .build());
    assertThat(ops(after))
        .endsWith(new Op.Concat(1))
        .hasSize(9)
        .filteredOn(op -> op.equals(pool))
        .hasSize(2);
  }

  @Test
  void joinsThatAreReadElsewhereOrHaveOtherPartsStay() {
    Op relu = new Op.Activate(Activation.RELU);
    doesNotFire(
        new PerChannelBeforeConcat(), joined().node("y", relu, "c").output("y", "c").build());
    doesNotFire(
        new PerChannelBeforeConcat(),
        joined().node("d", new Op.Concat(1), "c", "x").node("y", relu, "d").output("y").build());
    doesNotFire(
        new PerChannelBeforeConcat(),
        joined()
            .node("r", relu, "p")
            .node("d", new Op.Concat(1), "r", "q")
            .node("y", new Op.Affine(), "d", "s", "s")
            .output("y", "c")
            .build());
  }
}
