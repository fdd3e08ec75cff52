// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import lockstep.compiler.ModelCompiler;
import lockstep.compiler.ModelSource;
import lockstep.compiler.QuantisationOptions;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.interpreter.FloatInterpreter;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Element types, storage and versions of model files. */
class OnnxReaderTest {
  private static final int DOUBLE = 11;

  @TempDir Path folder;

  private static ValueInfoProto value(String name, int type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type)
                        .setShape(
                            TensorShapeProto.newBuilder()
                                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(2)))))
        .build();
  }

  /** {@code y = x + w} on two elements. */
  private static ModelProto.Builder sum(int type, TensorProto.Builder weights) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("sum")
                .addInput(value("x", type))
                .addInitializer(weights.setName("w").setDataType(type))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Add")
                        .addInput("x")
                        .addInput("w")
                        .addOutput("y"))
                .addOutput(value("y", type)));
  }

  private static TensorProto.Builder pair() {
    return TensorProto.newBuilder().addDims(2);
  }

  private static TensorProto.Builder raw(int bytes, java.util.function.Consumer<ByteBuffer> put) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    put.accept(buffer);
    return pair().setRawData(ByteString.copyFrom(buffer.array()));
  }

  private Graph read(ModelProto.Builder model) throws IOException {
    Path file = Files.write(folder.resolve("m.onnx"), model.build().toByteArray());
    return ModelCompiler.raw(ModelSource.of(file.toString(), Map.of()), List.of());
  }

  private AbstractThrowableAssert<?, ?> refused(ModelProto.Builder model) {
    return assertThatThrownBy(() -> read(model))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(folder.resolve("m.onnx") + ": ");
  }

  @Test
  void otherFloatsBecomeSinglePrecision() throws IOException {
    Constant expected = new Constant.Floats(Shape.of(2), new float[] {1.5f, -2});
    List<Map.Entry<Integer, TensorProto.Builder>> stored =
        List.of(
            Map.entry(DOUBLE, raw(16, b -> b.putDouble(1.5).putDouble(-2))),
            Map.entry(DOUBLE, pair().addDoubleData(1.5).addDoubleData(-2)),
            Map.entry(10, raw(4, b -> b.putShort((short) 0x3e00).putShort((short) 0xc000))),
            Map.entry(10, pair().addInt32Data(0x3e00).addInt32Data(0xc000)),
            Map.entry(16, raw(4, b -> b.putShort((short) 0x3fc0).putShort((short) 0xc000))),
            Map.entry(16, pair().addInt32Data(0x3fc0).addInt32Data(0xc000)));
    for (var each : stored) {
      Graph graph = read(sum(each.getKey(), each.getValue()));
      assertThat(graph.constants().get("w")).isEqualTo(expected);
      assertThat(graph.type("x").element()).isEqualTo(ElementType.FLOAT);
      Constant x = new Constant.Floats(Shape.of(2), new float[] {1, 2});
      assertThat(FloatInterpreter.run(graph, Map.of("x", x)).get("y").floats())
          .containsExactly(2.5f, 0);
    }
  }

  @Test
  void integersThatTheGraphLacksBecomeWider() throws IOException {
    assertThat(read(sum(4, pair().addInt32Data(65535).addInt32Data(1))).constants().get("w"))
        .isEqualTo(new Constant.Integers(ElementType.UINT16, Shape.of(2), new long[] {65535, 1}));
    assertThat(
            read(sum(5, raw(4, b -> b.putShort((short) -3).putShort((short) 7))))
                .constants()
                .get("w"))
        .isEqualTo(new Constant.Integers(ElementType.INT16, Shape.of(2), new long[] {-3, 7}));
    assertThat(read(sum(12, raw(8, b -> b.putInt(-1).putInt(2)))).constants().get("w"))
        .isEqualTo(
            new Constant.Integers(ElementType.INT64, Shape.of(2), new long[] {4294967295L, 2}));
    assertThat(read(sum(13, pair().addUint64Data(9).addUint64Data(2))).constants().get("w"))
        .isEqualTo(new Constant.Integers(ElementType.INT64, Shape.of(2), new long[] {9, 2}));
    refused(sum(13, pair().addUint64Data(-1).addUint64Data(2)))
        .hasMessageContaining("18446744073709551615, which is too large");
    refused(sum(4, pair().addInt32Data(65536).addInt32Data(1))).hasMessageContaining("UINT16");
    refused(sum(8, pair())).hasMessageContaining("has element type STRING");
  }

  /** A cast to another float type is a cast to float. */
  @Test
  void castsFollow() throws IOException {
    ModelProto.Builder model = sum(1, pair().addFloatData(1).addFloatData(2));
    model
        .getGraphBuilder()
        .setNode(
            0,
            NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput("x")
                .addOutput("y")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(DOUBLE)));
    assertThat(ResolveOperators.apply(read(model)).type("y").element())
        .isEqualTo(ElementType.FLOAT);
    ModelCompiler.network(
        ModelSource.of(folder.resolve("m.onnx").toString(), Map.of()),
        QuantisationOptions.defaults());
  }

  private static TensorProto.Builder external(String... entries) {
    TensorProto.Builder tensor = pair().setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
    }
    return tensor;
  }

  @Test
  void dataBesideTheModel() throws IOException {
    Files.createDirectories(folder.resolve("weights"));
    Files.write(
        folder.resolve("weights/all.bin"),
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(9)
            .putFloat(1.5f)
            .putFloat(-2)
            .array());
    Constant expected = new Constant.Floats(Shape.of(2), new float[] {1.5f, -2});
    String place = "weights/all.bin";
    for (TensorProto.Builder tensor :
        List.of(
            external("location", place, "offset", "4", "length", "8"),
            external("location", place, "offset", "4"))) {
      assertThat(read(sum(1, tensor)).constants().get("w")).isEqualTo(expected);
    }
    Path file =
        Files.write(
            folder.resolve("beside.onnx"),
            sum(1, external("location", place)).build().toByteArray());
    assertThat(ModelSource.of(file.toString(), Map.of()).contents())
        .containsExactly(
            Files.readAllBytes(file), Files.readAllBytes(folder.resolve("weights/all.bin")));
    refused(sum(1, external("location", place))).hasMessageContaining("holds 12 instead of 8");
    refused(sum(1, external("location", place, "offset", "8", "length", "8")))
        .hasMessageContaining("8 bytes at 8 of 'weights/all.bin', which has 12 bytes");
    refused(sum(1, external("location", place, "offset", "-4")))
        .hasMessageContaining("has the offset '-4'");
    refused(sum(1, external("location", place, "length", "999999999999999999")))
        .hasMessageContaining("which has 12 bytes");
    refused(sum(1, external("location", "weights/none.bin")))
        .hasMessageContaining("'weights/none.bin': there is no such file");
    refused(sum(1, external())).hasMessageContaining("no file in the model's folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "/etc/passwd", "a/../../secret", ".", "", "out/secret"})
  void dataOutsideOfTheFolderAreNotRead(String location) throws IOException {
    Path outside = Files.createDirectories(folder.resolve("elsewhere"));
    Files.write(outside.resolve("secret"), new byte[8]);
    Path models = Files.createDirectories(folder.resolve("models"));
    Files.write(folder.resolve("secret"), new byte[8]);
    Files.createSymbolicLink(models.resolve("out"), outside);
    Path file =
        Files.write(
            models.resolve("m.onnx"), sum(1, external("location", location)).build().toByteArray());
    assertThatThrownBy(
            () -> ModelCompiler.raw(ModelSource.of(file.toString(), Map.of()), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("which is no file in the model's folder");
  }

  @ParameterizedTest
  @CsvSource({"6,3", "23,13", "17,10"})
  void versionsThatAreRead(int opset, int ir) throws IOException {
    ModelProto.Builder model = sum(1, pair().addFloatData(1).addFloatData(2)).setIrVersion(ir);
    model.getOpsetImportBuilder(0).setVersion(opset);
    assertThat(read(model).opset()).isEqualTo(opset);
  }

  /** The newest format that we read is the newest that ONNX Runtime reads. */
  @Test
  void versionsThatAreNotRead() {
    ModelProto.Builder model = sum(1, pair().addFloatData(1).addFloatData(2)).setIrVersion(13);
    HostSession.open(model.build().toByteArray(), "the newest format").close();
    assertThatThrownBy(
            () -> HostSession.open(model.setIrVersion(14).build().toByteArray(), "a newer one"))
        .isInstanceOf(UserError.class);
    refused(model.setIrVersion(14))
        .hasMessageContaining("(its ir_version)")
        .hasMessageContaining("from 3 to 13");
    refused(model.setIrVersion(2)).hasMessageContaining("from 3 to 13");
    model.setIrVersion(8).getOpsetImportBuilder(0).setVersion(24);
    refused(model).hasMessageContaining("operator set 24 is not supported");
    model.getOpsetImportBuilder(0).setVersion(5);
    refused(model).hasMessageContaining("from 6 to 23");
  }
}
