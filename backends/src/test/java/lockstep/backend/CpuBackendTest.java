// SPDX-License-Identifier: Apache-2.0
package lockstep.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import lockstep.arch.UserError;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
  /** {@code y = Relu(x)}, x of 1 x 4 floats, written field by field. */
  private static byte[] relu() {
    byte[] dimensions = join(field(1, number(1, 1)), field(1, number(1, 4)));
    byte[] type = field(1, join(number(1, 1), field(2, dimensions)));
    byte[] node = join(text(1, "x"), text(2, "y"), text(4, "Relu"));
    byte[] graph =
        join(
            field(1, node),
            text(2, "g"),
            field(11, join(text(1, "x"), field(2, type))),
            field(12, join(text(1, "y"), field(2, type))));
    return join(number(1, 8), field(7, graph), field(8, number(2, 13)));
  }

  private static byte[] number(int field, int value) {
    return new byte[] {(byte) (field << 3), (byte) value};
  }

  private static byte[] text(int field, String value) {
    return field(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] field(int field, byte[] content) {
    return join(new byte[] {(byte) (field << 3 | 2), (byte) content.length}, content);
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void measuresWithQuartilesInOrder() {
    var m = Backend.of("cpu").measure("relu", relu(), 1, 7, 1, 3, 21);
    assertThat(m.lowerQuartileMs()).isPositive().isLessThanOrEqualTo(m.medianMs());
    assertThat(m.upperQuartileMs()).isGreaterThanOrEqualTo(m.medianMs());
    assertThat(m.runs()).isEqualTo(21);
    assertThat(m.software()).startsWith("ONNX Runtime 1.");
    assertThat(m.hardware()).isNotBlank();
  }

  @Test
  void quantilesOfKnownNumbers() {
    double[] sorted = {1, 2, 3, 4, 5};
    assertThat(Measurement.quantile(sorted, 0.5)).isEqualTo(3);
    assertThat(Measurement.quantile(sorted, 0.25)).isEqualTo(2);
    assertThat(Measurement.quantile(new double[] {1, 2}, 0.75)).isEqualTo(1.75);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> CpuBackend.measure("bad.onnx", new byte[] {1, 2}, 1, 1, 1, 0, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bad.onnx: ONNX Runtime cannot run it");
    assertThatThrownBy(() -> Backend.of("cuda").measure("m", relu(), 1, 1, 1, 0, 1))
        .isInstanceOfSatisfying(
            UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.MISSING_TOOL));
    assertThatThrownBy(() -> Backend.of("tpu")).isInstanceOf(UserError.class);
  }
}
