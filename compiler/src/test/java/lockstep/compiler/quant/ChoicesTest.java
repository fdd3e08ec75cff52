// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lockstep.arch.quantisation.Calibration;
import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.arch.quantisation.LayerRule;
import lockstep.arch.quantisation.Pruning;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.text.DataPool;
import lockstep.compiler.text.NetworkText;
import org.junit.jupiter.api.Test;

/** Choices that differ from the defaults, on a whole network. */
class ChoicesTest {
  private static final LayerRule FIRST_AS_EVER =
      new LayerRule("conv_1", null, null, 8, 8, new Pruning.None());

  private static QuantisedModel resnet8(LayerQuantisation all, LayerRule... rules) {
    return ModelCompiler.network(
        ModelSource.of("resnet8", Map.of()),
        QuantisationOptions.defaults().with(new Quantisation(all, List.of(rules))));
  }

  private static LayerQuantisation bits(int weights, int activations) {
    return new LayerQuantisation(
        new Calibration.MinMax(),
        LayerQuantisation.Granularity.CHANNEL,
        weights,
        activations,
        new Pruning.None());
  }

  @Test
  void codesKeepToTheirBits() {
    QuantisedModel model = resnet8(bits(3, 4));
    Map<String, float[]> input = model.calibrationInputs().getFirst();
    QuantisedModel.Input in = model.inputs().getFirst();
    Map<String, byte[]> values =
        Interpreter.run(
            model.network(),
            Map.of(in.tensor().name(), in.quantise(input.values().iterator().next())));
    for (Tensor tensor : tensors(model.network())) {
      assertThat(tensor.bits()).isEqualTo(4);
      for (byte each : values.get(tensor.name())) {
        assertThat(each).as(tensor.name()).isBetween((byte) -8, (byte) 7);
      }
    }
    for (Layer layer : model.network().layers()) {
      if (layer instanceof Layer.Convolution c) {
        assertThat(c.weights().stream()).allMatch(each -> -3 <= each && each <= 3);
      }
    }
  }

  private static List<Tensor> tensors(Network network) {
    return java.util.stream.Stream.concat(
            network.inputs().stream(), network.layers().stream().map(Layer::output))
        .toList();
  }

  @Test
  void theTextOfANetworkHasItsBits() {
    Network network = resnet8(bits(8, 5)).network();
    DataPool pool = new DataPool();
    String text = NetworkText.print(network, pool);
    assertThat(text).contains(" bits 5");
    assertThat(NetworkText.print(NetworkText.parse("n", text, pool), new DataPool()))
        .isEqualTo(text);
  }

  @Test
  void rulesNameLayersAndSayWhenTheyNameNone() {
    QuantisedModel plain = resnet8(bits(8, 8));
    Layer.Convolution first = (Layer.Convolution) plain.network().layers().getFirst();
    LayerRule byName = new LayerRule(first.name(), null, null, 8, null, null);
    LayerRule nobody = new LayerRule("nobody", null, null, 2, null, null);
    QuantisedModel mixed = resnet8(bits(4, 8), byName, nobody);
    List<Layer> layers = mixed.network().layers();
    assertThat(((Layer.Convolution) layers.get(0)).weights()).isEqualTo(first.weights());
    assertThat(((Layer.Convolution) layers.get(1)).weights())
        .isNotEqualTo(((Layer.Convolution) plain.network().layers().get(1)).weights());
    assertThat(mixed.notes())
        .anyMatch(n -> n.contains("no layer is called nobody"))
        .noneMatch(n -> n.contains("no layer is called " + first.name()));
  }

  @Test
  void pruningLeavesTheZerosInTheNetwork() {
    QuantisedModel model =
        resnet8(
            new LayerQuantisation(
                new Calibration.MinMax(),
                LayerQuantisation.Granularity.CHANNEL,
                8,
                8,
                new Pruning.NOfM(2, 4)),
            FIRST_AS_EVER);
    assertThat(model.notes()).anyMatch(n -> n.contains("all but 2 of 4 pruned"));
    Layer.Convolution second = (Layer.Convolution) model.network().layers().get(1);
    long zeros = second.weights().stream().filter(each -> each == 0).count();
    assertThat(2 * zeros).isGreaterThanOrEqualTo(second.weights().length());
  }

  @Test
  void everyCalibrationGivesANetworkAndTheSameOneAgain() {
    for (Calibration each :
        List.of(
            new Calibration.Percentile(99.9),
            new Calibration.MeanSquaredError(),
            new Calibration.Entropy())) {
      LayerQuantisation choices =
          new LayerQuantisation(
              each, LayerQuantisation.Granularity.TENSOR, 8, 8, new Pruning.None());
      Network once = resnet8(choices).network();
      assertThat(NetworkText.print(resnet8(choices).network(), new DataPool()))
          .isEqualTo(NetworkText.print(once, new DataPool()));
      assertThat(once.inputs().getFirst().scale())
          .as("never wider")
          .isLessThanOrEqualTo(resnet8(bits(8, 8)).network().inputs().getFirst().scale());
    }
  }
}
