// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.GraphCheck;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.operators.Nearness;
import org.junit.jupiter.api.Test;

/** Random chains of moves compute the same before and after sinking. */
class RandomMovesTest {
  private static final int GRAPHS = 300;

  @Test
  void sinkingKeepsTheValues() {
    int changed = 0;
    for (int seed = 0; seed < GRAPHS; seed++) {
      Graph before = new RandomMoves(seed).draw();
      Graph after = GraphCheck.require(new SinkMoves().apply(before), "sink-moves");
      assertThat(new SinkMoves().apply(after)).as("seed " + seed).isEqualTo(after);
      changed += after.equals(before) ? 0 : 1;
      float[] numbers = new float[120];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (i * 37 % 120) / 60f - 1;
      }
      int drawn = seed;
      Map<String, Constant> inputs =
          Map.of("x", new Constant.Floats(Shape.of(2, 3, 4, 5), numbers));
      Map<String, Constant> expected = FloatInterpreter.run(before, inputs);
      FloatInterpreter.run(after, inputs)
          .forEach(
              (name, value) -> Nearness.require("seed " + drawn, value, expected.get(name), 1e-5));
    }
    assertThat(changed).isGreaterThan(GRAPHS / 2);
  }
}
