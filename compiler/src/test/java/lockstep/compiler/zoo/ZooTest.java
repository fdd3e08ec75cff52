// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.NetworkPrint;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.network.Layer;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.ResolveOperators;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZooTest {

  private static QuantisedModel compiled(String name) {
    return ModelCompiler.network(ModelSource.of(name, Map.of()), QuantisationOptions.defaults());
  }

  /** Multiply-accumulates as published for these networks, or counted by hand from the layers. */
  @ParameterizedTest
  @CsvSource({
    "resnet8, 12501632",
    "ds_cnn, 2656768",
    "resnet18, 1814073344",
    "resnet50, 4089184256",
    "mobilenet_v2, 300774272"
  })
  void hasTheNetworksWork(String name, long macs) {
    QuantisedModel model = compiled(name);
    assertThat(model.hostLayers()).isEmpty();
    long counted = 0;
    for (Layer layer : model.network().layers()) {
      Layer.Convolution c = (Layer.Convolution) layer;
      boolean average = c.source().getFirst().startsWith("average");
      counted += average ? 0 : c.macs();
    }
    assertThat(counted).isEqualTo(macs);
  }

  @Test
  void isTheSameEveryTime() {
    assertThat(Zoo.model("ds_cnn")).isEqualTo(Zoo.model("ds_cnn"));
    assertThat(NetworkPrint.of(compiled("resnet8").network()))
        .isEqualTo(NetworkPrint.of(compiled("resnet8").network()));
  }

  @Test
  void isTheSameAsAFile() {
    assertThat(
            ResolveOperators.apply(OnnxReader.read(Zoo.model("resnet8"), "resnet8.onnx", Map.of())))
        .isEqualTo(ResolveOperators.apply(Zoo.graph("resnet8")));
  }

  @Test
  void everythingIsFused() {
    assertThat(compiled("resnet8").network().layers()).hasSize(11);
    assertThat(compiled("mobilenet_v2").network().layers()).hasSize(54);
  }
}
