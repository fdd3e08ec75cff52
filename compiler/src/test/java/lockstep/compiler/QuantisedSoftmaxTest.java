// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Window;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Softmax along any axis between two convolutions of the quantised network, in ONNX's layout and
 * with the channels last; before opset 13 it goes over all dimensions from its axis on.
 */
class QuantisedSoftmaxTest {
  @TempDir Path folder;

  private static GraphBuilder image(int opset) {
    return new GraphBuilder()
        .opset(opset)
        .input("x", 2, 3, 4, 6)
        .constant("w", 5, 3, 1, 1)
        .constant("v", 3, 5, 1, 1)
        .node("c", new Op.Conv(Window.POINT, 1), "x", "w");
  }

  private void check(GraphBuilder graph) throws IOException {
    QuantisedModel model =
        HostSegmentsTest.check(
            graph.node("y", new Op.Conv(Window.POINT, 1), "s", "v").output("y", "s").build(),
            folder);
    assertThat(model.network().layers())
        .filteredOn(layer -> layer instanceof Layer.Convolution)
        .hasSize(2);
  }

  private static TreeMap<String, Attribute> along(int axis) {
    return new TreeMap<>(Map.of("axis", new Attribute.Int(axis)));
  }

  @ParameterizedTest
  @CsvSource({"11, Softmax", "11, LogSoftmax", "13, Softmax", "13, LogSoftmax"})
  void alongAnyAxis(int opset, String type) throws IOException {
    Shape shape = Shape.of(2, 5, 4, 6);
    for (int axis = -4; axis < 4; axis++) {
      check(image(opset).foreign("s", type, along(axis), shape, "c"));
    }
  }

  @ParameterizedTest
  @CsvSource({"11, Softmax", "11, LogSoftmax", "13, Softmax", "13, LogSoftmax"})
  void alongAnyAxisWithTheChannelsLast(int opset, String type) throws IOException {
    Shape shape = Shape.of(2, 4, 6, 5);
    for (int axis = -4; axis < 4; axis++) {
      check(
          image(opset)
              .node("t", new Op.Transpose(List.of(0, 2, 3, 1)), "c")
              .foreign("u", type, along(axis), shape, "t")
              .node("s", new Op.Transpose(List.of(0, 3, 1, 2)), "u"));
    }
  }
}
