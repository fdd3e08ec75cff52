// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.Signals;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.Difference;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.onnx.OnnxReader;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.onnx.ResolveOperators;
import lockstep.compiler.onnx.qoperators.QOperators;
import lockstep.compiler.passes.Pass;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;

/**
 * Drawn models through the whole compiler: after every pass they compute what ONNX Runtime says of
 * the model as drawn, and their integers come near. {@code -Dlockstep.random.models=N} draws more.
 */
class RandomGraphTest {
  private static final int MODELS = Integer.getInteger("lockstep.random.models", 60);
  private static final int LARGEST = 10;

  /** Sums in another order, of numbers that nearly cancel. */
  private static final double EQUAL = 1e-4;

  private static Graph draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return RandomGraph.draw(random, 1 + random.nextInt(10), LARGEST);
  }

  @Test
  void equalSeedsGiveEqualModels() {
    for (long seed = 0; seed < 10; seed++) {
      assertThat(OnnxWriter.write(draw(seed))).isEqualTo(OnnxWriter.write(draw(seed)));
    }
  }

  @Test
  void operatorsOfAllFamiliesAreDrawn() {
    Map<String, Integer> counts = new TreeMap<>();
    for (long seed = 0; seed < 400; seed++) {
      RandomGraph.operators(draw(seed)).forEach((type, n) -> counts.merge(type, n, Integer::sum));
    }
    assertThat(counts).hasSizeGreaterThan(95);
    assertThat(counts.keySet())
        .contains(
            "Conv",
            "ConvTranspose",
            "Gemm",
            "MatMul",
            "Einsum",
            "MaxPool",
            "AveragePool",
            "Resize",
            "Add",
            "Div",
            "PRelu",
            "BatchNormalization",
            "LayerNormalization",
            "Softmax",
            "Concat",
            "Split",
            "Slice",
            "Transpose",
            "Reshape",
            "Pad",
            "ReduceMean",
            "Gather",
            "Where",
            "TopK",
            "Attention");
  }

  @Test
  void everyPassKeepsWhatTheyCompute() {
    for (long seed = 0; seed < MODELS; seed++) {
      Graph drawn = draw(seed);
      Map<String, Constant> inputs = inputs(drawn, seed);
      byte[] onnx = OnnxWriter.write(drawn);
      Map<String, Constant> expected;
      try (HostSession session = HostSession.open(onnx, "model of seed " + seed)) {
        expected = session.run(inputs);
      }
      Graph graph =
          ResolveOperators.apply(
              QOperators.apply(OnnxReader.read(onnx, Path.of("drawn"), Map.of(), List.of())));
      requireNear("as read, seed " + seed, graph, inputs, expected);
      for (Pass pass : Pipeline.standard().passes()) {
        Graph next = pass.apply(graph);
        if (!next.equals(graph)) {
          requireNear("after " + pass.name() + ", seed " + seed, next, inputs, expected);
        }
        graph = next;
      }
    }
  }

  private static void requireNear(
      String what, Graph graph, Map<String, Constant> inputs, Map<String, Constant> expected) {
    Map<String, Constant> actual = FloatInterpreter.run(graph, inputs);
    expected.forEach(
        (name, value) ->
            assertThat(Difference.of(actual.get(name), value))
                .as(name + " " + what)
                .isLessThan(EQUAL));
  }

  /** Where a model only rounds, chooses or cuts, one step of a code can change anything. */
  @Test
  void mostIntegersComeNear() {
    int outputs = 0;
    int near = 0;
    for (long seed = 0; seed < MODELS; seed++) {
      Graph drawn = draw(seed);
      Map<String, float[]> inputs = new HashMap<>();
      Map<String, Constant> typed = inputs(drawn, seed);
      typed.forEach((name, value) -> inputs.put(name, value.floats()));
      QuantisedModel model =
          ModelCompiler.network(
              new ModelSource.InMemory("drawn", OnnxWriter.write(drawn)),
              QuantisationOptions.calibratedOn(List.of(inputs)));
      Map<String, float[]> actual = Interpreter.runFloats(model, inputs);
      for (Map.Entry<String, Constant> e : FloatInterpreter.run(drawn, typed).entrySet()) {
        outputs++;
        if (Signals.sqnrDecibel(actual.get(e.getKey()), e.getValue().floats()) > 20) {
          near++;
        }
      }
    }
    System.out.printf("%d of %d outputs of drawn models above 20 dB%n", near, outputs);
    assertThat(near).isGreaterThan(outputs * 9 / 10);
  }

  private static Map<String, Constant> inputs(Graph graph, long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    Map<String, Constant> inputs = new HashMap<>();
    for (String name : graph.inputs()) {
      ValueType type = graph.type(name);
      int elements = (int) type.shape().elements();
      if (type.element() == ElementType.FLOAT) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
          values[i] = (float) random.nextGaussian();
        }
        inputs.put(name, new Constant.Floats(type.shape(), values));
      } else {
        long[] values = random.longs(elements, 0, 2).toArray();
        inputs.put(name, new Constant.Integers(type.element(), type.shape(), values));
      }
    }
    return inputs;
  }
}
