// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import lockstep.compiler.graph.Encoding;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryTableTest {
  /** The functions written out once more. */
  private static double real(UnaryFunction function, double x) {
    return switch (function) {
      case SIGMOID -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
      case TANH -> x < -20 ? -1 : x > 20 ? 1 : Math.sinh(x) / Math.cosh(x);
      case GELU -> x * 0.5 * Erf.erfc(-x / Math.sqrt(2));
      case GELU_TANH -> {
        double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3));
        yield x * real(UnaryFunction.SIGMOID, 2 * inner);
      }
      case SWISH -> x * real(UnaryFunction.SIGMOID, x);
      case HARD_SIGMOID -> Math.max(0, Math.min(1, (x + 3) / 6));
      case HARD_SWISH -> x * Math.max(0, Math.min(1, (x + 3) / 6));
      case ERF -> Erf.erf(x);
      case EXP -> Math.pow(Math.E, x);
      case SOFTPLUS -> x > 30 ? x : Math.log(1 + Math.exp(x));
      case RECIPROCAL_SQRT -> x <= 0 ? 1e300 : Math.pow(x, -0.5);
    };
  }

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void everyCodeIsAtMostOneStepFromTheRealFunction(UnaryFunction function) {
    double worst = 0;
    for (int in = -12; in <= 4; in += 2) {
      for (int out = -12; out <= 2; out += 2) {
        for (int zero : new int[] {-128, -37, 0, 127}) {
          Encoding input = new Encoding(1.37 * Math.pow(2, in), zero);
          Encoding output = new Encoding(0.83 * Math.pow(2, out), -zero - 1);
          UnaryTable table = UnaryTable.of(function, input, output);
          for (int code = -128; code <= 127; code++) {
            double exact =
                real(function, input.scale() * (code - zero)) / output.scale() + output.zeroPoint();
            double clamped = Math.max(-128, Math.min(127, exact));
            worst = Math.max(worst, Math.abs(table.apply((byte) code) - clamped));
          }
        }
      }
    }
    assertThat(worst).isLessThan(0.5 + 1e-6);
  }

  @Test
  void knownValues() {
    assertThat(UnaryFunction.GELU.of(1)).isCloseTo(0.8413447460685429, within(1e-12));
    assertThat(UnaryFunction.SIGMOID.of(0)).isEqualTo(0.5);
    assertThat(UnaryFunction.SWISH.of(-1000)).isZero();
    Encoding q = new Encoding(1.0 / 128, 0);
    UnaryTable tanh = UnaryTable.of(UnaryFunction.TANH, new Encoding(1.0 / 32, 0), q);
    assertThat(tanh.apply((byte) 0)).isZero();
    assertThat(tanh.apply((byte) 32)).isEqualTo((byte) Math.round(128 * Math.tanh(1)));
    assertThat(tanh.entries()).hasSize(256);
  }
}
