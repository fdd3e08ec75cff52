// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lockstep.arch.UserError;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.passes.Pipeline;
import lockstep.compiler.quant.Capabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks on a machine with vector lanes: nothing is left for the host. */
class LaneNetworksTest {
  private static QuantisedModel built(ModelSource source, QuantisationOptions options) {
    return ModelCompiler.prepare(source, options, Pipeline.standard())
        .quantised(Quantisation.DEFAULT, Capabilities.ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx_pytorch_converted", "onnx_simple"})
  void smallModelsHaveNoHostLayers(String folder) throws IOException {
    List<String> left = new ArrayList<>();
    try (Stream<Path> models = Files.list(Workloads.folder(folder))) {
      for (Path model : models.sorted().toList()) {
        try {
          String path = model.resolve("model.onnx").toString();
          var network = built(ModelSource.of(path, Map.of()), QuantisationOptions.defaults());
          if (!network.hostLayers().isEmpty()) {
            left.add(model.getFileName().toString());
          }
        } catch (UserError e) {
          System.out.println("skipped: " + e.getMessage());
        }
      }
    }
    assertThat(left).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet8_float", "dscnn_kws_int8_qdq", "light_squeezenet"})
  void imageModelsHaveNoHostLayers(String name) {
    QuantisedModel model = built(Workloads.model(name), QuantisationOptions.defaults());
    assertThat(model.hostLayers()).isEmpty();
  }

  @Test
  void theVisionTransformerKeepsItsSignal() throws IOException {
    ModelSource source = Workloads.model("vit_tiny_like");
    Graph graph = ModelCompiler.read(source);
    List<Map<String, float[]>> sets = new ArrayList<>();
    for (int set = 0; set < 2; set++) {
      sets.add(Workloads.inputs("vit_tiny_like", graph, set));
    }
    var options = QuantisationOptions.calibratedOn(sets);
    QuantisedModel hosted = ModelCompiler.network(source, options);
    QuantisedModel model = built(source, options);
    assertThat(model.hostLayers()).isEmpty();
    for (int set = 0; set < 2; set++) {
      float[] expected = Workloads.tensor("vit_tiny_like", "test_data_set_" + set + "/output_0.pb");
      double before = sqnr(hosted, sets.get(set), expected);
      double after = sqnr(model, sets.get(set), expected);
      System.out.printf(
          "vit_tiny_like, set %d: SQNR %.1f dB with host layers, %.1f dB without%n",
          set, before, after);
      assertThat(after).isGreaterThan(before - 4);
    }
  }

  private static double sqnr(QuantisedModel model, Map<String, float[]> inputs, float[] expected) {
    float[] actual = Interpreter.runFloats(model, inputs).values().iterator().next();
    return Signals.sqnrDecibel(actual, expected);
  }
}
