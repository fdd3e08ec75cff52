// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.text.DataPool;
import lockstep.compiler.text.NetworkText;
import org.junit.jupiter.api.Test;

/** Drawn networks with lane layers keep their promises, run, and are read back from text. */
class RandomLanesTest {
  @Test
  void runAndAreReadBack() {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      Network network =
          NetworkCheck.require(RandomNetwork.drawWithLanes(random, 1 + random.nextInt(8), 10, 4));
      network.layers().forEach(l -> kinds.merge(l.getClass().getSimpleName(), 1, Integer::sum));
      byte[] input = new byte[(int) network.inputs().getFirst().bytes()];
      random.nextBytes(input);
      Map<String, byte[]> values = Interpreter.run(network, new HashMap<>(Map.of("input", input)));
      network
          .layers()
          .forEach(
              l -> assertThat(values.get(l.output().name())).hasSize((int) l.output().bytes()));
      DataPool pool = new DataPool();
      String text = NetworkText.print(network, pool);
      Network read = NetworkText.parse("x.net", text, pool);
      assertThat(read).usingRecursiveComparison().isEqualTo(network);
    }
    System.out.println(kinds);
    assertThat(kinds)
        .containsKeys(
            "Data", "Lookup", "Elementwise", "Move", "Join", "Reduce", "Softmax", "Normalisation");
  }
}
