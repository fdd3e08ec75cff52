// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.FloatTensor;
import lockstep.compiler.onnx.OnnxWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks in ONNX Runtime: they load, and their outputs are numbers of a sensible size. */
class ZooRunsTest {

  /** Standard normal floats; numbers of tokens below 1000; masks and segments of ones. */
  private static Map<String, FloatTensor> run(Graph graph, Map<String, FloatTensor> given)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new HashMap<>();
    Map<String, FloatTensor> results = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(2);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(OnnxWriter.write(graph), options)) {
        for (String input : graph.inputs()) {
          feeds.put(input, feed(environment, graph.type(input), input, given));
        }
        try (OrtSession.Result result = session.run(feeds)) {
          result.forEach(
              each -> {
                OnnxTensor tensor = (OnnxTensor) each.getValue();
                results.put(
                    each.getKey(),
                    new FloatTensor(
                        Shape.of(tensor.getInfo().getShape()), tensor.getFloatBuffer().array()));
              });
        }
      }
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
    return results;
  }

  private static OnnxTensor feed(
      OrtEnvironment environment, ValueType type, String input, Map<String, FloatTensor> given)
      throws OrtException {
    Random random = new Random(1);
    int count = (int) type.shape().elements();
    long[] dims = type.shape().toLongs();
    FloatTensor known = given.get(input);
    if (type.element() == ElementType.INT64) {
      long[] numbers =
          known != null
              ? LongStream.range(0, count).map(i -> (long) known.values()[(int) i]).toArray()
              : input.equals("input_ids")
                  ? LongStream.generate(() -> random.nextInt(1000)).limit(count).toArray()
                  : LongStream.generate(() -> 1).limit(count).toArray();
      return OnnxTensor.createTensor(environment, LongBuffer.wrap(numbers), dims);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = known != null ? known.values()[i] : (float) random.nextGaussian();
    }
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), dims);
  }

  private static void assertSensible(Graph graph) throws OrtException {
    Map<String, FloatTensor> results = run(graph, Map.of());
    assertThat(results.keySet()).hasSize(graph.outputs().size());
    results.forEach(
        (name, tensor) -> {
          assertThat(tensor.shape()).as(name).isEqualTo(graph.type(name).shape());
          double squares = 0;
          for (float value : tensor.values()) {
            squares += (double) value * value;
          }
          // neither vanished nor exploded; a NaN or an infinity fails, too
          assertThat(Math.sqrt(squares / tensor.values().length)).as(name).isBetween(0.01, 100.0);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet8",
        "ds_cnn",
        "mobilenet_v1_025",
        "autoencoder",
        "vit_tiny",
        "bert_tiny",
        "llama_block"
      })
  void small(String name) throws OrtException {
    assertSensible(Zoo.graph(name));
  }

  @Test
  void batches() throws OrtException {
    for (String name : new String[] {"ds_cnn", "autoencoder", "bert_tiny", "llama_block"}) {
      assertSensible(Zoo.graph(name, Map.of("batch", 2, "tokens", 7)));
    }
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(
      strings = {
        "resnet18",
        "resnet50",
        "mobilenet_v2",
        "inception_v3",
        "densenet121",
        "vit_b16",
        "bert_base",
        "gpt2_small_prefill",
        "gpt2_small_decode"
      })
  void large(String name) throws OrtException {
    assertSensible(Zoo.graph(name));
  }

  /** One step after a prompt is the last token of the prompt with one more. */
  @Test
  void gpt2DecodesWhatItReads() throws OrtException {
    int prompt = 6;
    float[] ids = {11, 7, 500, 3, 42, 9, 100};
    FloatTensor whole = new FloatTensor(Shape.of(1, prompt + 1), ids);
    FloatTensor start = new FloatTensor(Shape.of(1, prompt), Arrays.copyOf(ids, prompt));
    Map<String, FloatTensor> expected =
        run(Gpt2.prefill(2, 1, prompt + 1), Map.of("input_ids", whole));
    Map<String, FloatTensor> step = new HashMap<>();
    run(Gpt2.prefill(2, 1, prompt), Map.of("input_ids", start))
        .forEach((name, tensor) -> step.put(name.replace("present.", "past_key_values."), tensor));
    step.put("input_ids", new FloatTensor(Shape.of(1, 1), new float[] {ids[prompt]}));
    Map<String, FloatTensor> actual = run(Gpt2.decode(2, 1, prompt), step);
    float[] logits = actual.get("logits").values();
    float[] all = expected.get("logits").values();
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).isCloseTo(all[prompt * logits.length + i], within(1e-4f));
    }
  }
}
