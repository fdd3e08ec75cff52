// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.RandomNetwork;
import lockstep.compiler.passes.Pass;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTextTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"resnet8", "ds_cnn", "mobilenet_v2"})
  void everyStageOfANetworkIsReadBack(String name) {
    Graph graph = ModelCompiler.read(ModelSource.of(name, Map.of()));
    assertReadBack(graph);
    for (Pass pass : Pipeline.standard().passes()) {
      graph = pass.apply(graph);
      assertReadBack(graph);
    }
  }

  private static void assertReadBack(Graph graph) {
    DataPool pool = new DataPool();
    String text = GraphText.print(graph, pool);
    Graph read = GraphText.parse("x.ir", text, pool);
    assertThat(read).isEqualTo(graph);
    assertThat(GraphText.print(read, new DataPool())).isEqualTo(text);
  }

  @Test
  void networksAreReadBack() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 50; i++) {
      Network network = RandomNetwork.draw(random, 1 + random.nextInt(5), 12);
      DataPool pool = new DataPool();
      String text = NetworkText.print(network, pool);
      Network read = NetworkText.parse("x.net", text, pool);
      assertThat(NetworkText.print(read, new DataPool())).isEqualTo(text);
      assertThat(read).usingRecursiveComparison().isEqualTo(network);
    }
  }

  @Test
  void thePoolIsReadBackAndItsDamageNoticed() throws IOException {
    Graph graph = ModelCompiler.read(ModelSource.of("resnet8", Map.of()));
    DataPool pool = new DataPool();
    String text = GraphText.print(graph, pool);
    Path file = folder.resolve("x.data");
    Files.write(file, pool.bytes());
    assertThat(GraphText.parse("x.ir", text, DataPool.read(file))).isEqualTo(graph);
    assertThatThrownBy(() -> GraphText.parse("x.ir", text, new DataPool()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no data file");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> DataPool.read(file)).isInstanceOf(UserError.class);
  }

  @Test
  void namesMayHoldAnything() {
    String text =
        """
        graph "a \\"quoted\\" \\\\ name\\n" opset 17
        input "x, y = (z) : #" : float[2x3]
        "\\u2028" : float[2x3] = Identity ("x, y = (z) : #") node "n" from []
        output "o" = "\\u2028"
        """;
    Graph graph = GraphText.parse("x.ir", text, new DataPool());
    assertThat(graph.name()).isEqualTo("a \"quoted\" \\ name\n");
    assertThat(graph.inputs()).containsExactly("x, y = (z) : #");
    assertThat(GraphText.print(graph, new DataPool())).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "graph g opset seventeen | x.ir:1:15: 'seventeen' is no Integer",
        "graph g opset 17;input x : float[2xx3] | x.ir:2:17: '2xx3' is no shape such as 1x3x32x32",
        "graph g opset 17;input x : quaternion[2] | x.ir:2:11: 'quaternion' is no element type",
        "graph g opset 17;y : float[2] = Frobnicate(x) | x.ir:2:16: 'Frobnicate' is none of",
        "graph g opset 17;y : float[2] = Concat(axes=1) (x) | has no field 'axes'",
        "graph g opset 17;y : float[2] = Concat(axis=1 (x) | expected ')', found '('",
        "graph g opset 17;input x : float[2];y : float[3] = Identity (x) node n from [] | y is float[3]",
        "graph g opset 17;output o = nowhere | nothing writes nowhere",
        "graph g opset 17;input \"x | the string does not end in its line",
        "grape | expected 'graph', found 'grape'",
      })
  void mistakesSayWhereTheyAre(String lines, String message) {
    assertThatThrownBy(() -> GraphText.parse("x.ir", lines.replace(';', '\n'), new DataPool()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }
}
