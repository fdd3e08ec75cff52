// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.network.Window;
import org.junit.jupiter.api.Test;

/** What a pipeline says of its passes. */
class DecisionTest {
  private static final Op POINT = new Op.Conv(Window.POINT, 1);

  private static Graph graph() {
    return new GraphBuilder()
        .input("x", 1, 2, 3, 3)
        .constant("w", 4, 2, 1, 1)
        .node("c", POINT, "x", "w")
        .node("a", new Op.Activate(Activation.RELU), "c")
        .node("b", new Op.Identity(), "a")
        .output("b")
        .build();
  }

  private static List<Decision> decisions(Pass... passes) {
    List<Decision> decisions = new ArrayList<>();
    new Pipeline(List.of(passes)).run(graph(), decisions::add);
    return decisions;
  }

  @Test
  void afterwardsAValueIsNeitherWrittenNorRead() {
    assertThat(decisions(new RemoveCopies(), new FuseActivation()))
        .containsExactly(
            new Decision("remove-copies", "node b", "Identity -> nothing", 2 * 4 * 9),
            new Decision("fuse-activation", "node c", "Conv + Activate -> Conv", 2 * 4 * 9));
  }

  @Test
  void aPassThatFindsNothingSaysNothing() {
    assertThat(decisions(new FoldPad(), new CommonSubexpressions())).isEmpty();
  }

  @Test
  void whatIsAddedCosts() {
    assertThat(decisions(new ActivationToConv()))
        .containsExactly(new Decision("activation-to-conv", "node a", "Activate -> Conv", -4));
  }
}
