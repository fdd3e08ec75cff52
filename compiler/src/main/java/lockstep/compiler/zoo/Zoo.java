// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.onnx.OnnxWriter;

/**
 * Built-in models: the topologies of well-known networks with seeded weights, in the operators that
 * PyTorch's exporter emits. A model's bytes depend on its name and dimensions only.
 */
public final class Zoo {
  private static final List<ZooModel> MODELS =
      List.of(
          images(
              "resnet8",
              "image classification, CIFAR-10, 32x32",
              "MLPerf Tiny, 2021",
              ResNets::resnet8),
          images(
              "ds_cnn",
              "keyword spotting, 49x10 coefficients",
              "MLPerf Tiny, 2021; Zhang et al., 2017",
              MobileNets::dsCnn),
          images("resnet18", "image classification, 224x224", "He et al., 2015", ResNets::resnet18),
          images("resnet50", "image classification, 224x224", "He et al., 2015", ResNets::resnet50),
          images(
              "mobilenet_v2",
              "image classification, 224x224",
              "Sandler et al., 2018",
              MobileNets::v2),
          images(
              "mobilenet_v1_025",
              "person detection at a quarter of the width, 96x96",
              "MLPerf Tiny, 2021; Howard et al., 2017",
              batch -> MobileNets.v1Quarter(batch, 96, 2)),
          images(
              "autoencoder",
              "anomaly detection in sound, 640 features",
              "MLPerf Tiny, 2021; Koizumi et al., 2019",
              Autoencoder::of),
          images(
              "inception_v3",
              "image classification, 299x299",
              "Szegedy et al., 2015",
              InceptionV3::of),
          images(
              "densenet121",
              "image classification, 224x224",
              "Huang et al., 2017",
              DenseNet::densenet121),
          images(
              "vit_tiny",
              "vision transformer, 224x224, 12 layers of 192",
              "Touvron et al. (DeiT), 2020",
              VisionTransformers::tiny),
          images(
              "vit_b16",
              "vision transformer, 224x224, 12 layers of 768",
              "Dosovitskiy et al., 2020",
              VisionTransformers::base),
          tokens(
              "bert_tiny",
              "text encoder, 2 layers of 128",
              "Turc et al., 2019",
              "tokens",
              Bert::tiny),
          tokens(
              "bert_base",
              "text encoder, 12 layers of 768",
              "Devlin et al., 2018",
              "tokens",
              Bert::base),
          tokens(
              "gpt2_small_prefill",
              "language model, 12 layers of 768: reads a prompt",
              "Radford et al., 2019",
              "tokens",
              Gpt2::prefill),
          tokens(
              "gpt2_small_decode",
              "language model, 12 layers of 768: one token after a cache",
              "Radford et al., 2019",
              "past",
              Gpt2::decode),
          tokens(
              "llama_block",
              "decoder block of 576: RMSNorm, rotary, grouped attention, SwiGLU",
              "Touvron et al., 2023; sizes of SmolLM2-135M, 2024",
              "tokens",
              LlamaBlock::of));

  private static final int DEFAULT_TOKENS = 128;

  private Zoo() {}

  public static List<ZooModel> models() {
    return MODELS;
  }

  public static List<String> names() {
    return MODELS.stream().map(ZooModel::name).toList();
  }

  /**
   * @throws IllegalArgumentException if there is no model of that name
   */
  public static ZooModel find(String name) {
    return MODELS.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no built-in model '" + name + "'"));
  }

  /** The model as an ONNX file. */
  public static byte[] model(String name) {
    return model(name, Map.of());
  }

  /** The model as an ONNX file, {@code sizes} as in {@link ZooModel#graph}. */
  public static byte[] model(String name, Map<String, Integer> sizes) {
    return OnnxWriter.write(graph(name, sizes));
  }

  /** The model with all operators in their ONNX form. */
  public static Graph graph(String name) {
    return graph(name, Map.of());
  }

  /**
   * The model with all operators in their ONNX form, {@code sizes} as in {@link ZooModel#graph}.
   */
  public static Graph graph(String name, Map<String, Integer> sizes) {
    return find(name).graph(sizes);
  }

  private static ZooModel images(
      String name, String description, String source, IntFunction<Graph> builder) {
    return new ZooModel(
        name,
        description,
        source,
        dimensions(Map.of("batch", 1)),
        sizes -> builder.apply(size(sizes, "batch")));
  }

  private interface Builder {
    Graph build(int batch, int length);
  }

  private static ZooModel tokens(
      String name, String description, String source, String length, Builder builder) {
    return new ZooModel(
        name,
        description,
        source,
        dimensions(Map.of("batch", 1, length, DEFAULT_TOKENS)),
        sizes -> builder.build(size(sizes, "batch"), size(sizes, length)));
  }

  private static int size(Map<String, Integer> sizes, String dimension) {
    return Objects.requireNonNull(sizes.get(dimension), dimension);
  }

  private static SortedMap<String, Integer> dimensions(Map<String, Integer> sizes) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
  }
}
