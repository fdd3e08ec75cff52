// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sizes of the networks against published ones. */
class ZooFiguresTest {

  private static String type(Node node) {
    return ((Op.Foreign) node.op()).type();
  }

  /** Multiply-accumulates of convolutions and matrix products. */
  static long macs(Graph graph) {
    long macs = 0;
    for (Node node : graph.nodes()) {
      long outputs = graph.type(node.output()).shape().elements();
      macs +=
          switch (type(node)) {
            case "Conv" -> outputs * graph.type(node.inputs().get(1)).shape().product(1, 4);
            case "MatMul", "Gemm" -> outputs * graph.type(node.input()).shape().dim(-1);
            default -> 0;
          };
    }
    return macs;
  }

  /** All weights, biases, scales and shifts. */
  static long parameters(Graph graph) {
    return graph.constants().entrySet().stream()
        .filter(each -> each.getValue().element() == ElementType.FLOAT)
        .filter(each -> each.getKey().matches(".*\\.(weight|bias)|cls_token|pos_embed"))
        .map(Map.Entry::getValue)
        .mapToLong(constant -> constant.shape().elements())
        .sum();
  }

  /** Biases of convolutions, each of which was scale and shift of a batch normalisation. */
  private static long folded(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> type(node).equals("Conv") && node.inputs().size() > 2)
        .mapToLong(node -> graph.type(node.inputs().get(2)).shape().elements())
        .sum();
  }

  /**
   * Parameters and (in millions, to their last digit) multiply-accumulates as torchvision's
   * documentation lists them for its weights ("Num Params", "GFLOPS"), batch normalisation being
   * two parameters a channel; Inception v3 without the 3 326 696 parameters of its auxiliary
   * classifier.
   */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512, 1810, 5",
    "resnet50, 25557032, 4090, 5",
    "mobilenet_v2, 3504872, 300, 5",
    "densenet121, 7978856, 2830, 5",
    "inception_v3, 23834568, 5710, 5"
  })
  void convolutionalNetworksAreThoseOfTorchvision(
      String name, long parameters, long millions, long digit) {
    Graph graph = Zoo.graph(name);
    assertThat(parameters(graph) + folded(graph)).isEqualTo(parameters);
    assertThat(macs(graph) / 1e6).isCloseTo(millions, within((double) digit));
  }

  /**
   * "Total params" that Keras prints for MLPerf Tiny's reference models, less what folding takes
   * away: four a normalised channel, since their convolutions have biases, too; of the autoencoder,
   * whose normalisation stays, only the two statistics. Multiply-accumulates by hand from the
   * layers.
   */
  @ParameterizedTest
  @CsvSource({
    "resnet8, 78666, 960, 12501632",
    "ds_cnn, 24908, 2304, 2656768",
    "mobilenet_v1_025, 221794, 10944, 7489664",
    "autoencoder, 269992, 2064, 264192"
  })
  void smallNetworksAreThoseOfMlperfTiny(String name, long total, long folded, long macs) {
    Graph graph = Zoo.graph(name);
    assertThat(parameters(graph)).isEqualTo(total - folded);
    assertThat(macs(graph)).isEqualTo(macs);
  }

  /** Table 7 of the MobileNets paper: 41 million, 0.5 million parameters at 224. */
  @Test
  void aQuarterMobileNetIsThatOfThePaper() {
    Graph graph = MobileNets.v1Quarter(1, 224, 1000);
    assertThat(macs(graph) / 1e6).isCloseTo(41, within(0.5));
    assertThat(parameters(graph) / 1e6).isCloseTo(0.5, within(0.05));
  }

  /** DeiT's table 5 and torchvision's vit_b_16: 5.7 and 86.6 million, 1.3 and 17.6 G. */
  @ParameterizedTest
  @CsvSource({"vit_tiny, 5717416, 1.26", "vit_b16, 86567656, 17.56"})
  void visionTransformersAreThoseOfThePapers(String name, long parameters, double giga) {
    Graph graph = Zoo.graph(name);
    assertThat(parameters(graph)).isEqualTo(parameters);
    assertThat(macs(graph) / 1e9).isCloseTo(giga, within(0.01));
  }

  /**
   * Parameters of the published checkpoints bert-base-uncased and
   * google/bert_uncased_L-2_H-128_A-2, 109.5 and 4.4 million. Sun et al., "MobileBERT", 2020, table
   * 4: 22.5 G operations for BERT-base and 128 tokens, two a multiply-accumulate.
   */
  @ParameterizedTest
  @CsvSource({"bert_tiny, 4385920, 0.059", "bert_base, 109482240, 11.2"})
  void bertsAreThoseOfThePapers(String name, long parameters, double giga) {
    Graph graph = Zoo.graph(name);
    assertThat(parameters(graph)).isEqualTo(parameters);
    assertThat(macs(graph) / 1e9).isCloseTo(giga, within(giga / 100));
  }

  /**
   * 124 439 808 parameters as published; Kaplan et al., "Scaling Laws for Neural Language Models",
   * 2020, table 1: a token takes N + layers x context x width multiply-accumulates, twice for
   * scores and values, N the weights without embeddings, here with the output's.
   */
  @ParameterizedTest
  @CsvSource({"gpt2_small_prefill, 64, 64", "gpt2_small_decode, 1, 65"})
  void gpt2IsThatOfThePapers(String name, int tokens, int context) {
    Graph graph = Zoo.graph(name, Map.of("tokens", 64, "past", 64));
    assertThat(parameters(graph)).isEqualTo(124_439_808);
    long weights = 12L * 12 * 768 * 768 + 50257L * 768;
    assertThat(macs(graph)).isEqualTo(tokens * (weights + 2L * 12 * context * 768));
  }

  /** SmolLM2-135M has 134 515 008 parameters: 30 blocks, an embedding, a normalisation. */
  @Test
  void thirtyBlocksMakeTheLanguageModel() {
    Graph graph = Zoo.graph("llama_block", Map.of("tokens", 10));
    long block = parameters(graph);
    assertThat(30 * block + 49152 * 576 + 576).isEqualTo(134_515_008);
    assertThat(macs(graph)).isEqualTo(10 * (block - 2 * 576) + 2L * 10 * 10 * 576);
  }

  @Test
  void sizesAreThoseAskedFor() {
    Graph graph = Zoo.graph("bert_tiny", Map.of("batch", 3, "tokens", 5));
    assertThat(graph.type("last_hidden_state").shape().dims()).containsExactly(3, 5, 128);
    Constant same = Zoo.graph("bert_tiny").constants().get("pooler.dense.weight");
    assertThat(graph.constants().get("pooler.dense.weight")).isEqualTo(same);
  }
}
