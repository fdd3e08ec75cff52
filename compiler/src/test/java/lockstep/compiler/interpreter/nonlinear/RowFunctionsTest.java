// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Encoding;
import lockstep.isa.InterpolatedTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and layer normalisation of random and of unkind rows against doubles. */
class RowFunctionsTest {

  /** Random rows, constant ones, single peaks and pits, two values, ramps. */
  private static List<byte[]> rows(int length, Random random) {
    List<byte[]> rows = new ArrayList<>();
    for (int width : new int[] {1, 2, 5, 40, 128}) {
      byte[] row = new byte[length];
      for (int i = 0; i < length; i++) {
        row[i] = (byte) Math.clamp(Math.round(random.nextGaussian() * width), -128, 127);
      }
      rows.add(row);
    }
    for (int background : new int[] {-128, 0, 126}) {
      for (int difference : new int[] {0, 1, 60, 127, 255}) {
        byte[] row = new byte[length];
        Arrays.fill(row, (byte) background);
        row[random.nextInt(length)] = (byte) Math.clamp(background + difference, -128, 127);
        rows.add(row);
        byte[] pit = new byte[length];
        Arrays.fill(pit, (byte) 127);
        pit[random.nextInt(length)] = (byte) (127 - difference);
        rows.add(pit);
        byte[] two = new byte[length];
        for (int i = 0; i < length; i++) {
          two[i] = (byte) (i % 2 == 0 ? 127 : 127 - difference);
        }
        rows.add(two);
      }
    }
    byte[] ramp = new byte[length];
    for (int i = 0; i < length; i++) {
      ramp[i] = (byte) i;
    }
    rows.add(ramp);
    return rows;
  }

  private static double clamped(double code) {
    return Math.max(-128, Math.min(127, code));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 100, 197, 1000, 4096})
  void softmaxIsAtMostOneStepOff(int length) {
    Random random = new Random(length);
    double worst = 0;
    for (double scale : new double[] {1e-4, 0.003, 0.02, 0.0652, 0.1, 0.5, 3}) {
      for (Encoding output :
          List.of(
              new Encoding(1 / 256.0, -128),
              new Encoding(1 / 255.0, -128),
              new Encoding(1 / 127.0, 0),
              new Encoding(1 / 1024.0, -128),
              new Encoding(0x1p-18, -128),
              new Encoding(0.2, 17))) {
        IntegerSoftmax softmax = new IntegerSoftmax(scale, output);
        for (byte[] row : rows(length, random)) {
          byte[] actual = softmax.apply(row);
          int most = Byte.MIN_VALUE;
          for (byte each : row) {
            most = Math.max(most, each);
          }
          double sum = 0;
          for (byte each : row) {
            sum += Math.exp(scale * (each - most));
          }
          for (int i = 0; i < length; i++) {
            double exact = Math.exp(scale * (row[i] - most)) / sum / output.scale();
            worst = Math.max(worst, Math.abs(actual[i] - clamped(exact + output.zeroPoint())));
          }
        }
      }
    }
    assertThat(worst).isLessThan(0.7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 100, 197, 768, 1000, 4096})
  void layerNormIsAtMostOneStepOff(int length) {
    Random random = new Random(length);
    double worst = 0;
    for (double scale : new double[] {1e-3, 0.02, 0.3, 10}) {
      for (double epsilon : new double[] {0, 1e-12, 1e-5, 1e-3}) {
        for (double step : new double[] {0.5, 0.05, 0.004}) {
          float[] gamma = new float[length];
          float[] beta = new float[length];
          for (int i = 0; i < length; i++) {
            gamma[i] = i % 7 == 3 ? 0 : (float) random.nextGaussian() * (i % 5 == 1 ? 1e-3f : 1.5f);
            beta[i] = (float) random.nextGaussian() * (i % 3 == 0 ? 0 : 1);
          }
          Encoding output = new Encoding(step, random.nextInt(256) - 128);
          IntegerLayerNorm norm =
              new IntegerLayerNorm(new Encoding(scale, 3), true, gamma, beta, epsilon, output);
          for (byte[] row : rows(length, random)) {
            double[] exact = normalised(row, scale, gamma, beta, epsilon);
            byte[] actual = norm.apply(row);
            for (int i = 0; i < length; i++) {
              double code = clamped(exact[i] / step + output.zeroPoint());
              worst = Math.max(worst, Math.abs(actual[i] - code));
            }
          }
        }
      }
    }
    assertThat(worst).isLessThan(0.7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 100, 197, 1000, 4096})
  void logSoftmaxIsAtMostOneStepOff(int length) {
    Random random = new Random(length);
    double worst = 0;
    for (double scale : new double[] {1e-4, 0.02, 0.0652, 0.5, 3, 1000}) {
      for (Encoding output :
          List.of(
              new Encoding(0.04, 127),
              new Encoding(0x1p-8, 100),
              new Encoding(3, -5),
              new Encoding(1000, 127))) {
        IntegerLogSoftmax softmax = new IntegerLogSoftmax(scale, output);
        for (byte[] row : rows(length, random)) {
          byte[] actual = softmax.apply(row);
          int most = Byte.MIN_VALUE;
          for (byte each : row) {
            most = Math.max(most, each);
          }
          double sum = 0;
          for (byte each : row) {
            sum += Math.exp(scale * (each - most));
          }
          for (int i = 0; i < length; i++) {
            double exact = (scale * (row[i] - most) - Math.log(sum)) / output.scale();
            worst = Math.max(worst, Math.abs(actual[i] - clamped(exact + output.zeroPoint())));
          }
        }
      }
    }
    assertThat(worst).isLessThan(0.7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 100, 197, 768, 1000, 4096})
  void rootMeanSquareNormIsAtMostOneStepOff(int length) {
    Random random = new Random(length);
    double worst = 0;
    for (double scale : new double[] {1e-3, 0.02, 10}) {
      for (double epsilon : new double[] {0, 1e-6, 1e-3}) {
        for (double step : new double[] {0.5, 0.05, 0.004}) {
          float[] gamma = new float[length];
          for (int i = 0; i < length; i++) {
            gamma[i] = (float) random.nextGaussian() * (i % 5 == 1 ? 1e-3f : 1.5f);
          }
          int zero = random.nextInt(256) - 128;
          Encoding output = new Encoding(step, random.nextInt(256) - 128);
          IntegerLayerNorm norm =
              new IntegerLayerNorm(
                  new Encoding(scale, zero), false, gamma, new float[length], epsilon, output);
          for (byte[] row : rows(length, random)) {
            double squares = 0;
            for (byte each : row) {
              squares += Math.pow(scale * (each - zero), 2) / length;
            }
            byte[] actual = norm.apply(row);
            for (int i = 0; i < length; i++) {
              double x = scale * (row[i] - zero);
              double exact = x == 0 ? 0 : gamma[i] * x / Math.sqrt(squares + epsilon);
              double code = clamped(exact / step + output.zeroPoint());
              worst = Math.max(worst, Math.abs(actual[i] - code));
            }
          }
        }
      }
    }
    assertThat(worst).isLessThan(0.7);
  }

  private static double[] normalised(
      byte[] row, double scale, float[] gamma, float[] beta, double epsilon) {
    double mean = 0;
    for (byte each : row) {
      mean += scale * each / row.length;
    }
    double variance = 0;
    for (byte each : row) {
      variance += Math.pow(scale * each - mean, 2) / row.length;
    }
    boolean constant = true;
    for (byte each : row) {
      constant &= each == row[0];
    }
    double[] result = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      double difference = constant ? 0 : scale * row[i] - mean;
      double divisor = constant ? 1 : Math.sqrt(variance + epsilon);
      result[i] = gamma[i] * difference / divisor + beta[i];
    }
    return result;
  }

  @Test
  void theWidthsAreThoseStated() {
    for (InterpolatedTable table :
        List.of(InterpolatedTable.RECIPROCAL, InterpolatedTable.RECIPROCAL_SQRT)) {
      assertThat(IntStream.of(table.entries())).hasSize(257).allMatch(e -> e > 0 && e < 1 << 18);
    }
    for (double scale : new double[] {1e-9, 0.01, 0.1, 1}) {
      ExponentialTables tables = new IntegerSoftmax(scale, new Encoding(1 / 256.0, -128)).tables();
      for (int d = -128; d <= 127; d++) {
        int e = (tables.high(d) << 8) + tables.low(d);
        assertThat(e).isEqualTo((int) Math.rint(Math.exp(scale * (d - 127)) * (1 << 22)));
        assertThat(tables.high(d)).isBetween(0, 1 << 14);
      }
    }
  }

  @Test
  void tablesAreNearTheirFunctions() {
    for (int index = 0; index < 256; index++) {
      for (int fraction = 0; fraction < 1 << 16; fraction += 4097) {
        double at = index + fraction / 65536.0;
        double reciprocal = InterpolatedTable.RECIPROCAL.at(index, fraction) / 131072.0;
        assertThat(Math.abs(reciprocal * (1 + at / 256) - 1)).isLessThan(1.7e-5);
        double m = index < 128 ? 1 + at / 128 : 2 + (at - 128) / 64;
        double root = InterpolatedTable.RECIPROCAL_SQRT.at(index, fraction) / 131072.0;
        assertThat(Math.abs(root * Math.sqrt(m) - 1)).isLessThan(1.7e-5);
      }
    }
  }

  @Test
  void rowsAndScalesOutsideTheDefinitionAreRefused() {
    Encoding output = new Encoding(1 / 256.0, -128);
    assertThatThrownBy(() -> new IntegerSoftmax(0.1, output).apply(new byte[4097]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IntegerSoftmax(0.1, new Encoding(1e-6, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new IntegerLayerNorm(
                    new Encoding(1e-9, 0), true, new float[4], new float[4], 1e25, output))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
