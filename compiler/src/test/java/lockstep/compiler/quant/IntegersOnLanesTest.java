// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.PreparedModel;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import lockstep.compiler.passes.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Integers of an input on a machine with vector lanes: the codes that the host's floats have. */
class IntegersOnLanesTest {
  /** Calibrated on {@code calibration}; the same on lanes and on the host for {@code inputs}. */
  private static QuantisedModel same(Graph graph, float[] calibration, long... inputs) {
    var source = new ModelSource.InMemory("integers", OnnxWriter.write(graph));
    var options = QuantisationOptions.calibratedOn(List.of(Map.of("i", calibration)));
    PreparedModel prepared = ModelCompiler.prepare(source, options, Pipeline.standard());
    QuantisedModel onHost = prepared.quantised(Quantisation.DEFAULT);
    QuantisedModel onLanes = prepared.quantised(Quantisation.DEFAULT, Capabilities.ALL);
    assertThat(onHost.hostLayers()).isNotEmpty();
    var integers =
        new Constant.Integers(graph.type("i").element(), graph.type("i").shape(), inputs);
    assertThat(outputs(onLanes, integers)).isEqualTo(outputs(onHost, integers));
    return onLanes;
  }

  private static float[] outputs(QuantisedModel model, Constant.Integers integers) {
    Tensor x = model.inputs().getFirst().tensor();
    QuantisedModel.Result y = model.outputs().getFirst();
    return y.dequantise(
        Interpreter.run(model.network(), Map.of(x.name(), integers.bytes()))
            .get(y.tensor().name()));
  }

  private static float[] floats(long... integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }

  private static TreeMap<String, Attribute> attribute(String name, long value) {
    return new TreeMap<>(Map.of(name, new Attribute.Int(value)));
  }

  private static long[] all(int from, int end) {
    return LongStream.range(from, end).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "5, 0", "5, 1", "128, 2", "100, 1"})
  void everyIndexOfATableChoosesItsRow(int rows, int axis) {
    long[] indices = all(-rows, rows);
    int[] shape = {2, 3, 4};
    shape[axis] = rows;
    List<Integer> chosen = new ArrayList<>();
    for (int d = 0; d < shape.length; d++) {
      chosen.addAll(d == axis ? List.of(2, rows) : List.of(shape[d]));
    }
    for (ElementType element : List.of(ElementType.INT32, ElementType.INT64)) {
      Graph graph =
          new GraphBuilder()
              .integers("i", element, 2, rows)
              .constant("table", shape)
              .foreign("y", "Gather", attribute("axis", axis), new Shape(chosen), "table", "i")
              .output("y")
              .build();
      assertThat(same(graph, floats(indices), indices).hostLayers()).isEmpty();
    }
  }

  @Test
  void whatStaysInOrderBeforeThemIsFollowed() {
    Graph graph =
        new GraphBuilder()
            .integers("i", ElementType.INT32, 2, 3)
            .constant("table", 6, 4)
            .node("turned", new Op.Transpose(List.of(1, 0)), "i")
            .node("flat", new Op.Reshape(Shape.of(6)), "turned")
            .foreign("wide", "Cast", attribute("to", 7), Shape.of(6), "flat")
            .foreign("y", "Gather", new TreeMap<>(), Shape.of(6, 4), "table", "wide")
            .output("y")
            .build();
    QuantisedModel model = same(graph, floats(all(0, 6)), all(-3, 3));
    float[] rows =
        Interpreter.runFloats(model, Map.of("i", new float[] {0, 1, 2, 3, 4, 5})).get("y");
    float[] turned =
        Interpreter.runFloats(model, Map.of("i", new float[] {0, 2, 4, 1, 3, 5})).get("y");
    assertThat(Arrays.copyOfRange(rows, 4, 8))
        .as("second row of the result is that of number 3")
        .isEqualTo(Arrays.copyOfRange(turned, 12, 16));
  }

  @Test
  void aLongTableStaysOnTheHost() {
    Graph graph =
        new GraphBuilder()
            .integers("i", ElementType.INT64, 3)
            .constant("table", 129, 2)
            .foreign("y", "Gather", new TreeMap<>(), Shape.of(3, 2), "table", "i")
            .output("y")
            .build();
    assertThat(same(graph, floats(all(0, 3)), all(126, 129)).hostLayers())
        .singleElement()
        .extracting(QuantisedModel.HostLayer::reason)
        .asString()
        .isEqualTo(
            "Gather: its table has 129 rows, of which the machine chooses if there are at most 128");
  }

  private static Graph cast(ElementType element, int count) {
    return new GraphBuilder()
        .integers("i", element, 1, count)
        .foreign("y", "Cast", attribute("to", 1), Shape.of(1, count), "i")
        .output("y")
        .build();
  }

  /** The code of 3 is the greatest, that of -2 the least: all beyond have the same. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"INT8", "INT16", "INT32", "INT64"})
  void integersOfFewCodesSaturate(ElementType element) {
    long[] integers = new long[300];
    var random = new SplittableRandom(4);
    for (int i = 0; i < integers.length; i++) {
      integers[i] = random.nextLong() >> Long.SIZE - 1 - random.nextInt(8 * element.bytes());
    }
    float[] calibration = new float[integers.length];
    calibration[0] = 3;
    calibration[1] = -2;
    assertThat(same(cast(element, integers.length), calibration, integers).hostLayers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200})
  void bytesAreExact(int greatest) {
    long[] integers = all(0, greatest + 1);
    ElementType element = greatest == 1 ? ElementType.BOOL : ElementType.UINT8;
    assertThat(same(cast(element, integers.length), floats(integers), integers).hostLayers())
        .isEmpty();
  }

  /** 200 and 300 have different codes, which one byte of the integers cannot tell. */
  @Test
  void integersOfManyCodesStayOnTheHost() {
    long[] integers = {200, 300, -400};
    assertThat(same(cast(ElementType.INT32, 3), floats(integers), integers).hostLayers())
        .hasSize(1);
  }
}
