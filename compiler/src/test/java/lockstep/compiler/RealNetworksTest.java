// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.interpreter.Interpreter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks against the outputs that ONNX Runtime gave for them. */
class RealNetworksTest {

  @Test
  void quantisedResnet8NamesTheSameClasses() throws IOException {
    ModelSource source = Workloads.model("resnet8_float");
    Graph graph = ModelCompiler.read(source);
    List<Map<String, float[]>> sets = new ArrayList<>();
    for (int set = 0; set < 3; set++) {
      sets.add(Workloads.inputs("resnet8_float", graph, set));
    }
    QuantisedModel model = ModelCompiler.network(source, QuantisationOptions.calibratedOn(sets));
    for (int set = 0; set < 3; set++) {
      float[] actual = Interpreter.runFloats(model, sets.get(set)).values().iterator().next();
      float[] expected = Workloads.tensor("resnet8_float", "test_data_set_" + set + "/output_0.pb");
      System.out.printf(
          "resnet8_float, set %d: SQNR %.1f dB%n", set, Signals.sqnrDecibel(actual, expected));
      assertThat(Signals.top(actual)).isEqualTo(Signals.top(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void quantisedModelsKeepTheirOwnSteps(int set) throws IOException {
    ModelSource source = Workloads.model("dscnn_kws_int8_qdq");
    QuantisedModel model = ModelCompiler.network(source, QuantisationOptions.defaults());
    Graph graph = ModelCompiler.read(source);
    float[] actual =
        Interpreter.runFloats(model, Workloads.inputs("dscnn_kws_int8_qdq", graph, set))
            .values()
            .iterator()
            .next();
    float[] expected =
        Workloads.tensor("dscnn_kws_int8_qdq", "test_data_set_" + set + "/output_0.pb");
    double step = model.outputs().getFirst().tensor().scale();
    assertThat(Signals.largestDifference(actual, expected)).isLessThanOrEqualTo(step * 1.0001);
  }

  @Test
  void aNetworkOfConstantWeightsRuns() throws IOException {
    ModelSource source = Workloads.model("light_squeezenet");
    QuantisedModel model = ModelCompiler.network(source, QuantisationOptions.defaults());
    Graph graph = ModelCompiler.read(source);
    float[] actual =
        Interpreter.runFloats(model, Workloads.inputs("light_squeezenet", graph, 0))
            .values()
            .iterator()
            .next();
    float[] expected = Workloads.tensor("light_squeezenet", "test_data_set_0/output_0.pb");
    assertThat(Signals.largestDifference(actual, expected))
        .isLessThanOrEqualTo(model.outputs().getFirst().tensor().scale());
  }
}
