// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter.nonlinear;

import java.util.function.DoubleUnaryOperator;
import lockstep.compiler.operators.Erf;

/** The functions of one number that have a table. */
public enum UnaryFunction {
  SIGMOID(x -> 1 / (1 + Math.exp(-x))),
  TANH(Math::tanh),
  /** {@code x / 2 (1 + erf(x / sqrt 2))}. */
  GELU(x -> 0.5 * x * (1 + Erf.of(x / Math.sqrt(2)))),
  /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}. */
  GELU_TANH(x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
  /** {@code x sigmoid(x)}. */
  SWISH(x -> x / (1 + Math.exp(-x))),
  HARD_SIGMOID(x -> Math.clamp(x / 6 + 0.5, 0, 1)),
  HARD_SWISH(x -> x * Math.clamp(x / 6 + 0.5, 0, 1)),
  ERF(Erf::of),
  EXP(Math::exp),
  /** {@code ln(1 + e^x)}. */
  SOFTPLUS(x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  /** {@code 1 / sqrt(x)}; of 0 and below the greatest code, as of the least positive numbers. */
  RECIPROCAL_SQRT(x -> x <= 0 ? Double.POSITIVE_INFINITY : 1 / Math.sqrt(x));

  private final DoubleUnaryOperator real;

  UnaryFunction(DoubleUnaryOperator real) {
    this.real = real;
  }

  /** The function on real numbers. */
  public double of(double x) {
    return real.applyAsDouble(x);
  }
}
