// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.Interpreter;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Window;
import lockstep.compiler.onnx.OnnxWriter;
import lockstep.compiler.passes.GraphBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that come quantised: at most one step of their own from ONNX Runtime. */
class QuantisedGraphsTest {
  private static final Window SAME = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);

  @TempDir Path folder;

  private final GraphBuilder builder = new GraphBuilder().input("x", 1, 4, 6, 6);

  /** Quantises and dequantises a value; the name of the result. */
  private String pair(String value, double scale, int zero, ElementType element) {
    builder
        .constant(value + ".s", new Constant.Floats(Shape.SCALAR, new float[] {(float) scale}))
        .constant(value + ".z", new Constant.Integers(element, Shape.SCALAR, new long[] {zero}))
        .node(value + ".q", new Op.Quantise(1), value, value + ".s", value + ".z")
        .node(value + ".d", new Op.Dequantise(1), value + ".q", value + ".s", value + ".z");
    return value + ".d";
  }

  /** int8 weights with a scale per output channel, and an int32 bias. */
  private String conv(String y, String x, double inputScale, int groups, Window window) {
    Random random = new Random(y.hashCode());
    Shape shape = Shape.of(4, 4 / groups, window.kernelH(), window.kernelW());
    long[] codes = random.longs(shape.elements(), -127, 128).toArray();
    float[] scales = new float[4];
    float[] biasScales = new float[4];
    for (int k = 0; k < 4; k++) {
      scales[k] = 0.002f + 0.001f * random.nextFloat();
      biasScales[k] = (float) (inputScale * scales[k]);
    }
    long[] bias = random.longs(4, -3000, 3000).toArray();
    builder
        .constant(y + ".codes", new Constant.Integers(ElementType.INT8, shape, codes))
        .constant(y + ".ws", new Constant.Floats(Shape.of(4), scales))
        .node(y + ".w", new Op.Dequantise(0), y + ".codes", y + ".ws")
        .constant(y + ".bq", new Constant.Integers(ElementType.INT32, Shape.of(4), bias))
        .constant(y + ".bs", new Constant.Floats(Shape.of(4), biasScales))
        .node(y + ".b", new Op.Dequantise(0), y + ".bq", y + ".bs")
        .node(y, new Op.Conv(window, groups), x, y + ".w", y + ".b");
    return y;
  }

  private QuantisedModel check(String output) throws IOException {
    return check(output, OnnxWriter.write(builder.output(output).build()));
  }

  private QuantisedModel check(String output, byte[] onnx) throws IOException {
    Graph graph = builder.build();
    Path file = folder.resolve("quantised.onnx");
    Files.write(file, onnx);
    QuantisedModel model =
        ModelCompiler.network(
            ModelSource.of(file.toString(), Map.of()), QuantisationOptions.defaults());
    Random random = new Random(5);
    for (int run = 0; run < 5; run++) {
      float[] x = new float[(int) graph.type("x").shape().elements()];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      float[] actual = Interpreter.runFloats(model, Map.of("x", x)).values().iterator().next();
      float[] expected;
      try (HostSession session = HostSession.open(onnx, "the model")) {
        expected =
            session
                .run(Map.of("x", new Constant.Floats(graph.type("x").shape(), x)))
                .get(output)
                .floats();
      }
      assertThat(Signals.largestDifference(actual, expected))
          .isLessThanOrEqualTo(model.outputs().getFirst().tensor().scale() * 1.001);
    }
    return model;
  }

  private List<String> kinds(QuantisedModel model) {
    return model.network().layers().stream().map(l -> l.getClass().getSimpleName()).toList();
  }

  @Test
  void unsignedActivationsAndFusedClamps() throws IOException {
    String x = pair("x", 0.02, 131, ElementType.UINT8);
    String c = conv("c", x, 0.02, 1, SAME);
    builder.node("r", new Op.Activate(Activation.RELU), c);
    String r = pair("r", 0.03, 0, ElementType.UINT8);
    String e = conv("e", r, 0.03, 4, SAME);
    QuantisedModel model = check(pair(e, 0.01, 7, ElementType.INT8));
    assertThat(kinds(model)).containsExactly("Convolution", "Convolution");
    assertThat(model.notes().getFirst()).contains("quantised by the model itself");
    assertThat(model.calibrationInputs()).isEmpty();
    assertThat(model.inputs().getFirst().tensor().zeroPoint()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"INT16", "UINT16"})
  void codesOf16Bits(ElementType element) throws IOException {
    int middle = element == ElementType.INT16 ? 0 : 1 << 15;
    String x = pair("x", 1e-4, middle + 7, element);
    String c = conv("c", x, 1e-4, 1, SAME);
    builder.node("r", new Op.Activate(Activation.RELU), c);
    String r = pair("r", 2e-4, middle - 32_768, element);
    String e = pair(conv("e", r, 2e-4, 4, SAME), 1e-4, middle, element);
    builder.node("sum", new Op.Add(), e, r);
    String output = pair("sum", 2e-4, middle - 300, element);
    byte[] onnx = OnnxWriter.write(builder.output(output).build());
    assertThat(ModelProto.parseFrom(onnx).getOpsetImportCount())
        .as("ONNX Runtime's own operators")
        .isEqualTo(2);
    QuantisedModel model = check(output, onnx);
    assertThat(NetworkPrint.of(check(output, inOpset21(onnx)).network()))
        .isEqualTo(NetworkPrint.of(model.network()));
    assertThat(kinds(model)).containsExactly("Convolution", "Convolution", "Convolution");
    assertThat(model.hostLayers()).isEmpty();
    assertThat(model.network().layers()).allMatch(layer -> layer.output().bits() == 16);
    assertThat(model.inputs().getFirst().tensor().zeroPoint()).isEqualTo(7);
  }

  /** With ONNX's quantisers in the place of ONNX Runtime's. */
  private static byte[] inOpset21(byte[] onnx) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder().setIrVersion(10);
    model
        .clearOpsetImport()
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(21))
        .getGraphBuilder()
        .getNodeBuilderList()
        .forEach(NodeProto.Builder::clearDomain);
    return model.build().toByteArray();
  }

  @Test
  void weightsOf16Bits() throws IOException {
    String x = pair("x", 0.02, 3, ElementType.INT8);
    Random random = new Random(3);
    Shape shape = Shape.of(4, 4, 3, 3);
    long[] codes = random.longs(shape.elements(), -32_767, 32_768).toArray();
    builder
        .constant("codes", new Constant.Integers(ElementType.INT16, shape, codes))
        .constant("ws", new Constant.Floats(Shape.of(4), new float[] {1e-5f, 2e-5f, 3e-5f, 1e-5f}))
        .node("w", new Op.Dequantise(0), "codes", "ws")
        .node("c", new Op.Conv(SAME, 1), x, "w");
    QuantisedModel model = check(pair("c", 0.01, 5, ElementType.INT8));
    Layer.Convolution layer = (Layer.Convolution) model.network().layers().getFirst();
    assertThat(layer.weights().stream().asLongStream().toArray()).isEqualTo(codes);
    assertThat(model.hostLayers()).isEmpty();
  }

  @Test
  void sumsOfEncodedBranchesKeepTheirRounding() throws IOException {
    String x = pair("x", 0.02, 3, ElementType.INT8);
    String c = pair(conv("c", x, 0.02, 1, SAME), 0.015, -5, ElementType.INT8);
    builder.node("sum", new Op.Add(), c, x).node("r", new Op.Activate(Activation.RELU), "sum");
    QuantisedModel model = check(pair("r", 0.02, -128, ElementType.INT8));
    assertThat(kinds(model)).containsExactly("Convolution", "Convolution");
    assertThat(((Layer.Convolution) model.network().layers().getLast()).out().residual())
        .isNotNull();
  }

  @Test
  void joinedPartsOfOtherScalesAreRequantised() throws IOException {
    String x = pair("x", 0.02, 3, ElementType.INT8);
    String c = pair(conv("c", x, 0.02, 1, SAME), 0.015, -5, ElementType.INT8);
    builder.node("j", new Op.Concat(1), c, x);
    QuantisedModel model = check(pair("j", 0.015, -5, ElementType.INT8));
    assertThat(kinds(model)).containsExactly("Convolution", "Convolution", "Concat");
  }

  @Test
  void poolingAndAveragesKeepTheirEncodings() throws IOException {
    Window pool = new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0);
    String x = pair("x", 0.02, 3, ElementType.INT8);
    String c = pair(conv("c", x, 0.02, 1, SAME), 0.015, -5, ElementType.INT8);
    builder.node("m", new Op.MaxPool(pool), c);
    String m = pair("m", 0.015, -5, ElementType.INT8);
    builder.node("a", new Op.AveragePool(new Window(3, 3, 1, 1, 1, 1, 0, 0, 0, 0)), m);
    QuantisedModel model = check(pair("a", 0.01, 0, ElementType.INT8));
    assertThat(kinds(model)).containsExactly("Convolution", "Convolution");
    Encoding pooled =
        new Encoding(
            model.network().layers().getFirst().output().scale(),
            model.network().layers().getFirst().output().zeroPoint());
    assertThat(pooled).isEqualTo(new Encoding(0.015f, -5));
  }

  @Test
  void aReencodedValueIsRequantised() throws IOException {
    String x = pair("x", 0.02, 3, ElementType.INT8);
    builder.node("i", new Op.Identity(), x);
    QuantisedModel model = check(pair("i", 0.05, -9, ElementType.INT8));
    assertThat(kinds(model)).containsExactly("Convolution");
  }
}
