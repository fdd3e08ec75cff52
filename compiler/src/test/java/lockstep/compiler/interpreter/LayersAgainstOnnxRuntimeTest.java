// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.Pruning;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.Signals;
import lockstep.compiler.Workloads;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every convolution is at most one quantisation step from ONNX Runtime on the same inputs. */
class LayersAgainstOnnxRuntimeTest {
  private static final int RANDOM_MODELS = 60;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"resnet8", "ds_cnn"})
  void builtInModels(String name) {
    report(name, check(ModelSource.of(name, Map.of()), 20));
  }

  @ParameterizedTest
  @CsvSource({
    "resnet8, 16, 16, 85",
    "ds_cnn, 16, 16, 85",
    "ds_cnn, 8, 16, 25",
    "resnet8, 12, 11, 35"
  })
  void widerCodes(String name, int weightBits, int activationBits, double leastSqnr) {
    LayerQuantisation bits =
        new LayerQuantisation(
            new Calibration.MinMax(),
            LayerQuantisation.Granularity.CHANNEL,
            weightBits,
            activationBits,
            new Pruning.None());
    ModelSource source = ModelSource.of(name, Map.of());
    report(name, check(source, new Quantisation(bits, List.of()), leastSqnr));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet8_float", "dscnn_kws_int8_qdq"})
  void trainedModels(String name) {
    report(name, check(Workloads.model(name), Double.NEGATIVE_INFINITY));
  }

  @Test
  void randomModels() throws IOException {
    double worst = Double.POSITIVE_INFINITY;
    for (long seed = 1; seed <= RANDOM_MODELS; seed++) {
      Path file = folder.resolve("random-seed-" + seed + ".onnx");
      Files.write(file, OnnxWriter.write(RandomModel.graph(seed)));
      worst = Math.min(worst, check(ModelSource.of(file.toString(), Map.of()), 15));
    }
    report(RANDOM_MODELS + " random models, the worst", worst);
  }

  private static void report(String what, double sqnr) {
    System.out.printf("%s: every layer within one step, end to end SQNR %.1f dB%n", what, sqnr);
  }

  private static double check(ModelSource source, double leastSqnr) {
    return check(source, Quantisation.DEFAULT, leastSqnr);
  }

  private static double check(ModelSource source, Quantisation choices, double leastSqnr) {
    Graph read = ModelCompiler.read(source);
    Map<String, float[]> inputs = inputs(read);
    QuantisedModel model =
        ModelCompiler.network(
            source, QuantisationOptions.calibratedOn(List.of(inputs)).with(choices));
    Graph graph = Pipeline.standard().run(read);
    Map<String, Node> nodes = new HashMap<>();
    graph.nodes().forEach(n -> nodes.put(n.output(), n));
    Map<String, byte[]> bytes = new HashMap<>();
    model.inputs().forEach(i -> bytes.put(i.tensor().name(), i.quantise(inputs.get(i.name()))));
    Map<String, byte[]> values = Interpreter.run(model.network(), bytes);
    for (Layer layer : model.network().layers()) {
      Node node = nodes.get(layer.output().name());
      if (layer instanceof Layer.Convolution c && node.inputs().size() > 1) {
        List<byte[]> operands = c.inputs().stream().map(t -> values.get(t.name())).toList();
        byte[] expected = LayerOracle.expected(graph, node, c, operands);
        assertThat(furthest(c.output(), values.get(c.output().name()), expected))
            .as("%s, layer %s", source.name(), c.name())
            .isLessThanOrEqualTo(1);
        weightsAreNear(graph.constants().get(node.inputs().get(1)), c);
      }
    }
    double sqnr = endToEnd(read, model, inputs, values);
    assertThat(sqnr).as(source.name()).isGreaterThan(leastSqnr);
    return sqnr;
  }

  private static double endToEnd(
      Graph read, QuantisedModel model, Map<String, float[]> inputs, Map<String, byte[]> values) {
    Map<String, Constant> results;
    try (HostSession session = HostSession.open(OnnxWriter.write(read), "the whole model")) {
      results = session.run(Workloads.feeds(read, inputs));
    }
    QuantisedModel.Result result = model.outputs().getFirst();
    return Signals.sqnrDecibel(
        result.dequantise(values.get(result.tensor().name())), results.get(result.name()).floats());
  }

  private static void weightsAreNear(Constant constant, Layer.Convolution layer) {
    float[] exact = constant.floats();
    float[] actual = LayerOracle.realWeights(layer, constant.shape()).floats();
    int slice = exact.length / layer.output().c();
    // the multiplier's 24 bits and a float's are worth more of a smaller step
    double step = layer.weights().bits() == Byte.SIZE ? 0.501 : 0.51;
    for (int i = 0; i < exact.length; i++) {
      assertThat(Math.abs((double) exact[i] - actual[i]))
          .isLessThanOrEqualTo(LayerOracle.weightScale(layer, i / slice) * step);
    }
  }

  private static int furthest(Tensor tensor, byte[] a, byte[] b) {
    int furthest = 0;
    for (int i = 0; i < tensor.elements(); i++) {
      furthest = Math.max(furthest, Math.abs(tensor.code(a, i) - tensor.code(b, i)));
    }
    return furthest;
  }

  private static Map<String, float[]> inputs(Graph graph) {
    Random random = new Random(11);
    Map<String, float[]> inputs = new HashMap<>();
    for (String name : graph.inputs()) {
      float[] values = new float[(int) graph.type(name).shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.put(name, values);
    }
    return inputs;
  }
}
