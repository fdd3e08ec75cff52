// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.Signals;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.onnx.qoperators.QOperators;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of operators on codes, compiled, against ONNX Runtime: at most one step apart. */
class QOperatorsTest {
  private static final String MS = "com.microsoft.";

  @TempDir Path folder;

  private final Random random = new Random(11);
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private final Map<String, ValueType> types = new HashMap<>();

  private String node(String type, String output, Map<String, Attribute> attributes, String... in) {
    int dot = type.lastIndexOf('.');
    Op op =
        new Op.Foreign(
            type.substring(dot + 1),
            type.substring(0, Math.max(0, dot)),
            new TreeMap<>(attributes));
    nodes.add(new Node(output, op, List.of(in), List.of(output), List.of(output)));
    return output;
  }

  private String scale(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    Shape shape = values.length == 1 ? Shape.SCALAR : Shape.of(values.length);
    return named("s", new Constant.Floats(shape, floats));
  }

  private String zero(ElementType type, long value) {
    return named("z", new Constant.Integers(type, Shape.SCALAR, new long[] {value}));
  }

  private String named(String prefix, Constant constant) {
    String name = prefix + constants.size();
    constants.put(name, constant);
    return name;
  }

  /** Codes of 7 bits: without VNNI, ONNX Runtime sums pairs of larger products in 16 bits. */
  private String weights(ElementType type, int... dims) {
    Shape shape = Shape.of(dims);
    long from = type == ElementType.INT8 ? -63 : 65;
    return named(
        "w",
        new Constant.Integers(
            type, shape, random.longs(shape.elements(), from, from + 127).toArray()));
  }

  private String bias(int count, int bound) {
    return named(
        "b",
        new Constant.Integers(
            ElementType.INT32, Shape.of(count), random.longs(count, -bound, bound).toArray()));
  }

  private static Attribute ints(long... values) {
    return new Attribute.Ints(Arrays.stream(values).boxed().toList());
  }

  private Graph graph(String output, int opset) {
    return new Graph(
        "q",
        opset,
        List.of("x"),
        nodes,
        List.of(new Graph.Result(output, output)),
        types,
        constants,
        Map.of());
  }

  private QuantisedModel compiled(Graph graph) throws IOException {
    Path file = Files.write(folder.resolve("q.onnx"), OnnxWriter.write(graph));
    return ModelCompiler.network(
        ModelSource.of(file.toString(), Map.of()), new QuantisationOptions(List.of(), 50, 1));
  }

  private float[] drawn(ValueType type) {
    float[] x = new float[(int) type.shape().elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          type.element() == ElementType.FLOAT ? (float) random.nextGaussian() : random.nextInt(256);
    }
    return x;
  }

  private static Constant constant(ValueType type, float[] values) {
    return type.element() == ElementType.FLOAT
        ? new Constant.Floats(type.shape(), values)
        : Constant.Integers.of(type.element(), type.shape(), values);
  }

  private interface Judge {
    void same(float[] actual, float[] expected);
  }

  private QuantisedModel check(Graph graph, Judge judge) throws IOException {
    QuantisedModel model = compiled(graph);
    ValueType type = graph.type("x");
    String output = graph.outputs().getFirst().name();
    try (HostSession session = HostSession.open(OnnxWriter.write(graph), "the model")) {
      for (int run = 0; run < 5; run++) {
        float[] x = drawn(type);
        Map<String, Constant> inputs = Map.of("x", constant(type, x));
        float[] expected = session.run(inputs).get(output).floats();
        judge.same(Interpreter.runFloats(model, Map.of("x", x)).get(output), expected);
        judge.same(FloatInterpreter.run(graph, inputs).get(output).floats(), expected);
      }
    }
    return model;
  }

  /** At most one step of that size. */
  private static Judge step(double scale) {
    return (actual, expected) ->
        assertThat(Signals.largestDifference(actual, expected)).isLessThanOrEqualTo(scale * 1.001);
  }

  private static Judge decibel(double least) {
    return (actual, expected) ->
        assertThat(Signals.sqnrDecibel(actual, expected)).isGreaterThan(least);
  }

  private String quantisedConv(ElementType type, String x, String xs, String xz, String y) {
    String ws = scale(0.004, 0.005, 0.003, 0.006);
    String wz = named("wz", new Constant.Integers(ElementType.INT8, Shape.of(4), new long[4]));
    return node(
        "QLinearConv",
        y,
        Map.of("pads", ints(1, 1, 1, 1), "kernel_shape", ints(3, 3)),
        x,
        xs,
        xz,
        weights(ElementType.INT8, 4, 4, 3, 3),
        ws,
        wz,
        scale(0.03),
        zero(type, type == ElementType.INT8 ? -3 : 125),
        bias(4, 3000));
  }

  /**
   * Convolutions, a sum, pooling of codes and a dense layer, as the quantiser of ONNX Runtime
   * writes.
   */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"INT8", "UINT8"})
  void convolutionalNetworks(ElementType type) throws IOException {
    types.put("x", ValueType.floats(2, 4, 6, 6));
    long middle = type == ElementType.INT8 ? 0 : 128;
    String xs = scale(0.03);
    String xz = zero(type, middle);
    String cs = scale(0.03);
    String cz = zero(type, middle - 3);
    String q = node("QuantizeLinear", "q", Map.of(), "x", xs, xz);
    String a = quantisedConv(type, q, xs, xz, "a");
    String ss = scale(0.05);
    String sum = node(MS + "QLinearAdd", "sum", Map.of(), a, cs, cz, q, xs, xz, ss, xz);
    String m = node("MaxPool", "m", Map.of("kernel_shape", ints(2, 2), "strides", ints(2, 2)), sum);
    String b = quantisedConv(type, m, ss, xz, "b");
    String l =
        node(
            MS + "QLinearLeakyRelu",
            "l",
            Map.of("alpha", new Attribute.Real(0.1f)),
            b,
            cs,
            cz,
            cs,
            cz);
    String gs = scale(0.01);
    String g =
        node(
            MS + "QLinearGlobalAveragePool",
            "g",
            Map.of("channels_last", new Attribute.Int(0)),
            l,
            cs,
            cz,
            gs,
            xz);
    String f = node("Flatten", "f", Map.of(), g);
    String d =
        node(
            MS + "QGemm",
            "d",
            Map.of("transB", new Attribute.Int(1)),
            f,
            gs,
            xz,
            weights(ElementType.INT8, 3, 4),
            scale(0.01),
            zero(ElementType.INT8, 0),
            bias(3, 500),
            scale(0.02),
            xz);
    QuantisedModel model =
        check(graph(node("DequantizeLinear", "y", Map.of(), d, scale(0.02), xz), 13), step(0.02));
    assertThat(model.hostLayers()).isEmpty();
    assertThat(model.calibrationInputs()).isEmpty();
    assertThat(model.notes().getFirst()).contains("quantised by the model itself");
  }

  @Test
  void matrixProducts() throws IOException {
    types.put("x", ValueType.floats(2, 5, 8));
    String xs = scale(0.03);
    String xz = zero(ElementType.UINT8, 120);
    String ps = scale(0.05);
    String pz = zero(ElementType.UINT8, 128);
    String q = node("QuantizeLinear", "q", Map.of(), "x", xs, xz);
    String p =
        node(
            "QLinearMatMul",
            "p",
            Map.of(),
            q,
            xs,
            xz,
            weights(ElementType.INT8, 8, 6),
            scale(0.01),
            zero(ElementType.INT8, 0),
            ps,
            pz);
    QuantisedModel model =
        check(graph(node("DequantizeLinear", "y", Map.of(), p, ps, pz), 13), step(0.05));
    assertThat(model.hostLayers()).isEmpty();
  }

  @Test
  void joinedAndMultipliedCodes() throws IOException {
    types.put("x", ValueType.floats(1, 4, 6, 6));
    ElementType type = ElementType.UINT8;
    String xs = scale(0.03);
    String xz = zero(type, 128);
    String cs = scale(0.03);
    String cz = zero(type, 125);
    String q = node("QuantizeLinear", "q", Map.of(), "x", xs, xz);
    String a = quantisedConv(type, q, xs, xz, "a");
    String sg = scale(1.0 / 256);
    String sz = zero(type, 0);
    String s = node(MS + "QLinearSigmoid", "s", Map.of(), a, cs, cz, sg, sz);
    String m = node(MS + "QLinearMul", "m", Map.of(), a, cs, cz, s, sg, sz, cs, cz);
    String p =
        node(MS + "QLinearAveragePool", "p", Map.of("kernel_shape", ints(2, 2)), m, cs, cz, cs, cz);
    String js = scale(0.04);
    String j =
        node(
            MS + "QLinearConcat",
            "j",
            Map.of("axis", new Attribute.Int(1)),
            js,
            cz,
            p,
            cs,
            cz,
            p,
            cs,
            cz);
    check(graph(node("DequantizeLinear", "y", Map.of(), j, js, cz), 13), step(0.04));
  }

  /** Codes in and codes out: what the machine computes on has their encoding. */
  @Test
  void codesAsInputsAndOutputs() throws IOException {
    types.put("x", new ValueType(ElementType.UINT8, Shape.of(1, 4, 6, 6)));
    String xs = scale(0.02);
    String y = quantisedConv(ElementType.UINT8, "x", xs, zero(ElementType.UINT8, 128), "y");
    QuantisedModel model = check(graph(y, 13), step(1));
    assertThat(model.notes().getFirst()).contains("quantised by the model itself");
    assertThat(model.calibrationInputs()).isEmpty();
  }

  private String dynamicProduct(String product, String weights, String scale, Attribute pads) {
    nodes.add(
        new Node(
            "dq",
            new Op.Foreign("DynamicQuantizeLinear", "", new TreeMap<>()),
            List.of("x"),
            List.of("xq", "xs", "xz"),
            List.of()));
    Map<String, Attribute> attributes = pads == null ? Map.of() : Map.of("pads", pads);
    String zero = zero(ElementType.UINT8, 128);
    node(product, "i", attributes, "xq", weights, "xz", zero);
    node("Cast", "f", Map.of("to", new Attribute.Int(1)), "i");
    node("Mul", "scales", Map.of(), "xs", scale);
    return node("Mul", "y", Map.of(), "f", "scales");
  }

  @Test
  void productsQuantisedAtRunTime() throws IOException {
    types.put("x", ValueType.floats(5, 8));
    String y = dynamicProduct("MatMulInteger", weights(ElementType.UINT8, 8, 6), scale(0.01), null);
    Graph graph = graph(y, 13);
    QuantisedModel model = check(graph, decibel(25));
    assertThat(model.hostLayers()).isEmpty();
    assertThat(model.network().layers()).hasSize(1);
  }

  @Test
  void convolutionsQuantisedAtRunTime() throws IOException {
    types.put("x", ValueType.floats(1, 4, 6, 6));
    String y =
        dynamicProduct(
            "ConvInteger", weights(ElementType.UINT8, 3, 4, 3, 3), scale(0.01), ints(1, 1, 1, 1));
    QuantisedModel model = check(graph(y, 13), decibel(25));
    assertThat(model.hostLayers()).isEmpty();
  }

  /** Weights that are computed stay on the host. */
  @Test
  void whatHasNoSuchFormRunsOnTheHost() throws IOException {
    types.put("x", ValueType.floats(5, 8));
    nodes.add(
        new Node(
            "dq",
            new Op.Foreign("DynamicQuantizeLinear", "", new TreeMap<>()),
            List.of("x"),
            List.of("xq", "xs", "xz"),
            List.of()));
    node("Transpose", "xt", Map.of(), "xq");
    node("MatMulInteger", "i", Map.of(), "xq", "xt", "xz", "xz");
    node("Cast", "f", Map.of("to", new Attribute.Int(1)), "i");
    node("Mul", "scales", Map.of(), "xs", "xs");
    QuantisedModel model = check(graph(node("Mul", "y", Map.of(), "f", "scales"), 13), decibel(15));
    assertThat(model.hostLayers()).hasSize(1);
  }

  /** Float weights with a pair for each channel, and codes of 7 bits, as PyTorch exports both. */
  @Test
  void fakeQuantisedTraining() throws IOException {
    types.put("x", ValueType.floats(1, 4, 6, 6));
    String xs = scale(0.03);
    String xz = zero(ElementType.UINT8, 64);
    node("QuantizeLinear", "q", Map.of(), "x", xs, xz);
    node("Clip", "qc", Map.of(), "q", zero(ElementType.UINT8, 0), zero(ElementType.UINT8, 127));
    node("DequantizeLinear", "xd", Map.of(), "qc", xs, xz);
    float[] reals = new float[4 * 4 * 9];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (float) random.nextGaussian() * 0.2f;
    }
    String w = named("w", new Constant.Floats(Shape.of(4, 4, 3, 3), reals));
    String ws = scale(0.004, 0.005, 0.003, 0.006);
    String wz = named("wz", new Constant.Integers(ElementType.INT8, Shape.of(4), new long[4]));
    node("QuantizeLinear", "wq", Map.of("axis", new Attribute.Int(0)), w, ws, wz);
    node("Clip", "wc", Map.of(), "wq", zero(ElementType.INT8, -63), zero(ElementType.INT8, 63));
    node("DequantizeLinear", "wd", Map.of("axis", new Attribute.Int(0)), "wc", ws, wz);
    node("Conv", "c", Map.of("pads", ints(1, 1, 1, 1)), "xd", "wd");
    node("Relu", "r", Map.of(), "c");
    String ys = scale(0.02);
    String yz = zero(ElementType.UINT8, 0);
    node("QuantizeLinear", "rq", Map.of(), "r", ys, yz);
    QuantisedModel model =
        check(graph(node("DequantizeLinear", "y", Map.of(), "rq", ys, yz), 13), step(0.02));
    assertThat(model.hostLayers()).isEmpty();
  }

  /** Integers that are quantised are no encoded floats, and ONNX Runtime does not know them. */
  @Test
  void quantisedIntegersAreRefused() {
    types.put("x", new ValueType(ElementType.INT32, Shape.of(1, 4, 6, 6)));
    String xs = scale(2);
    String xz = zero(ElementType.UINT8, 0);
    node("QuantizeLinear", "q", Map.of(), "x", xs, xz);
    node("DequantizeLinear", "d", Map.of(), "q", xs, xz);
    Graph graph = graph(node("Relu", "y", Map.of(), "d"), 13);
    assertThatThrownBy(() -> compiled(graph))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("ONNX Runtime refuses")
        .hasMessageContaining("QuantizeLinear");
  }

  @Test
  void scalesThatAreNotPositiveAreRefused() {
    types.put("x", ValueType.floats(1, 4));
    String zero = zero(ElementType.UINT8, 0);
    String scale = scale(-0.5);
    node("QuantizeLinear", "q", Map.of(), "x", scale, zero);
    Graph graph = graph(node("DequantizeLinear", "y", Map.of(), "q", scale, zero), 13);
    assertThatThrownBy(() -> compiled(graph))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the scale -0.5 is not a positive number");
  }

  @Test
  void otherModelsStayAsTheyAre() {
    types.put("x", ValueType.floats(1, 4));
    Graph graph = graph(node("Relu", "y", Map.of(), "x"), 17);
    assertThat(QOperators.apply(graph)).isSameAs(graph);
  }
}
