// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetTest {
  @TempDir Path folder;

  /** As {@code numpy.save} writes it: the header ends at a multiple of 64 bytes. */
  private static byte[] npy(String descr, String order, String shape, byte[] data) {
    String header =
        "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
    header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
    return ByteBuffer.allocate(10 + header.length() + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.ISO_8859_1))
        .put(data)
        .array();
  }

  private Constant read(byte[] bytes) throws IOException {
    return TensorFile.read(Files.write(folder.resolve("x.npy"), bytes));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void arraysOfNumpy() throws IOException {
    Constant floats = new Constant.Floats(Shape.of(2, 1), new float[] {1.5f, -2});
    assertThat(read(npy("<f4", "False", "2, 1", little(8).putFloat(1.5f).putFloat(-2).array())))
        .isEqualTo(floats);
    assertThat(read(npy("<f8", "False", "2, 1", little(16).putDouble(1.5).putDouble(-2).array())))
        .isEqualTo(floats);
    assertThat(
            read(
                npy(
                    ">f4",
                    "False",
                    "2, 1",
                    ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).array())))
        .isEqualTo(floats);
    assertThat(
            read(
                npy(
                    "<f2",
                    "False",
                    "2, 1",
                    little(4)
                        .putShort(Float.floatToFloat16(1.5f))
                        .putShort(Float.floatToFloat16(-2))
                        .array())))
        .isEqualTo(floats);
    assertThat(read(npy("<i8", "False", "", little(8).putLong(-7).array())))
        .isEqualTo(new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {-7}));
    assertThat(read(npy("|u1", "True", "3,", new byte[] {0, 1, -1})))
        .isEqualTo(new Constant.Integers(ElementType.UINT8, Shape.of(3), new long[] {0, 1, 255}));
  }

  @Test
  void whatIsNoArray() {
    List<byte[]> damaged =
        List.of(
            new byte[0],
            new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 99, 99},
            npy("<f4", "False", "3", new byte[8]),
            npy("<f4", "False", "99999999999", new byte[8]),
            npy("<f4", "False", "99999, 99999", new byte[8]),
            npy("<c8", "False", "1", new byte[8]),
            npy("<f4", "True", "1, 2", new byte[8]));
    for (byte[] bytes : damaged) {
      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(folder.resolve("x.npy") + ": ");
    }
  }

  @Test
  void foldersOfInputsAndOutputs() throws IOException {
    assertThat(DataSet.in(folder)).isEmpty();
    Path second = Files.createDirectories(folder.resolve("test_data_set_0"));
    byte[] proto =
        TensorProto.newBuilder().setDataType(1).addDims(1).addFloatData(3).build().toByteArray();
    Files.write(second.resolve("input_0.pb"), proto);
    Files.write(second.resolve("input_1.npy"), npy("|b1", "False", "1,", new byte[] {1}));
    Files.write(second.resolve("output_0.pb"), proto);
    List<DataSet> sets = DataSet.in(folder);
    assertThat(sets).hasSize(1);
    assertThat(sets.getFirst().inputs()).hasSize(2);
    assertThat(sets.getFirst().outputs())
        .containsExactly(new Constant.Floats(Shape.of(1), new float[] {3}));
    Files.write(folder.resolve("input_0.pb"), proto);
    assertThat(DataSet.in(folder).getFirst().outputs()).isEmpty();
  }
}
