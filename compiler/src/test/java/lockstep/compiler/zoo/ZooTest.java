// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.NetworkPrint;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.ResolveOperators;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Results that users stored depend on these bytes. */
  @ParameterizedTest
  @CsvSource({
    "resnet8, f5d544c3a293f8b13b3f8d4d18a12a4a526f5f46ccc5b10244f9f7d3be61f1aa",
    "ds_cnn, 0732fe69e3be3e7365028558032bf94ac7f2f6729698fc7c76608e4bbac151b1",
    "resnet18, 9c8ee2e0bf9c6b41b13ecb7ebcb41393c4f5fe423d28231c5aa0448902d17a04",
    "resnet50, bc838879655bf13565921b501c53b2a58224cb0cc650c5908756b192e5b6bf81",
    "mobilenet_v2, d8969503501b294da1ee4409c1000396b4095f1d1b56117b285fbc6f2d714968"
  })
  void keepsItsBytes(String name, String sha256) throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Zoo.model(name));
    assertThat(HexFormat.of().formatHex(hash)).isEqualTo(sha256);
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

  /** The types that the builders state are those that follow from the operators. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ds_cnn",
        "mobilenet_v1_025",
        "autoencoder",
        "bert_tiny",
        "vit_tiny",
        "llama_block"
      })
  void statesItsTypes(String name) {
    Graph graph = Zoo.graph(name);
    Graph untyped =
        new Graph(
            graph.name(),
            graph.opset(),
            graph.inputs(),
            graph.nodes(),
            graph.outputs(),
            graph.inputs().stream().collect(Collectors.toMap(input -> input, graph::type)),
            graph.constants(),
            Map.of());
    Graph resolved = ResolveOperators.apply(untyped);
    resolved.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .filter(graph.types()::containsKey)
        .forEach(value -> assertThat(graph.type(value)).as(value).isEqualTo(resolved.type(value)));
    assertThat(resolved.types().keySet()).containsAll(graph.inputs());
  }

  @Test
  void tokensAreLookedUpOnTheHost() {
    QuantisedModel model = compiled("bert_tiny");
    assertThat(model.network().inputs())
        .anySatisfy(
            input -> {
              assertThat(input.name()).isEqualTo("input_ids");
              assertThat(input.raw()).isEqualTo(new Tensor.Raw(ElementType.INT64, 30522));
              assertThat(input.bytes()).isEqualTo(128 * Long.BYTES);
            });
    assertThat(model.hostLayers()).anySatisfy(h -> assertThat(h.operators()).contains("Gather"));
  }
}
