// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** The functions that networks use between layers. */
final class Activations {
  /** Constants of SELU as ONNX's specification gives them. */
  private static final double SELU_ALPHA = 1.67326319217681884765625;

  private static final double SELU_GAMMA = 1.05070102214813232421875;

  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("Relu", Unary.of(x -> Math.max(x, 0), x -> Math.max(x, 0))),
          entry("LeakyRelu", Unary.with(c -> leaky(c.real("alpha", 0.01)))),
          entry(
              "ThresholdedRelu",
              Unary.with(
                  c -> {
                    double alpha = c.real("alpha", 1);
                    return x -> x > alpha ? x : 0;
                  })),
          entry("Elu", Unary.with(c -> elu(c.real("alpha", 1), 1))),
          entry(
              "Selu",
              Unary.with(c -> elu(c.real("alpha", SELU_ALPHA), c.real("gamma", SELU_GAMMA)))),
          entry(
              "Celu",
              Unary.with(
                  c -> {
                    double alpha = c.real("alpha", 1);
                    return x -> x > 0 ? x : alpha * Math.expm1(x / alpha);
                  })),
          entry("Sigmoid", Unary.of(Activations::sigmoid)),
          entry(
              "HardSigmoid",
              Unary.with(c -> hardSigmoid(c.real("alpha", 0.2), c.real("beta", 0.5)))),
          entry("HardSwish", Unary.of(x -> x * Math.clamp(x / 6 + 0.5, 0, 1))),
          entry("Swish", Unary.with(c -> swish(c.real("alpha", 1)))),
          entry("com.microsoft.QuickGelu", Unary.with(c -> swish(c.real("alpha", 1.702)))),
          entry("Mish", Unary.of(x -> x * Math.tanh(softplus(x)))),
          entry(
              "Gelu",
              Unary.with(
                  c ->
                      switch (c.text("approximate", "none")) {
                        case "none" -> Activations::gelu;
                        case "tanh" -> Activations::geluByTanh;
                        case String other ->
                            throw new IllegalArgumentException("approximate = " + other);
                      })),
          entry("com.microsoft.Gelu", Unary.of(Activations::gelu)),
          entry("Softplus", Unary.of(Activations::softplus)),
          entry("Softsign", Unary.of(x -> x / (1 + Math.abs(x)))),
          entry(
              "Shrink",
              Unary.with(
                  c -> {
                    double bias = c.real("bias", 0);
                    double threshold = c.real("lambd", 0.5);
                    return x -> x < -threshold ? x + bias : x > threshold ? x - bias : 0;
                  })));

  private Activations() {}

  private static DoubleUnaryOperator leaky(double alpha) {
    return x -> x < 0 ? alpha * x : x;
  }

  private static DoubleUnaryOperator elu(double alpha, double gamma) {
    return x -> gamma * (x > 0 ? x : alpha * Math.expm1(x));
  }

  private static DoubleUnaryOperator hardSigmoid(double alpha, double beta) {
    return x -> Math.clamp(alpha * x + beta, 0, 1);
  }

  private static DoubleUnaryOperator swish(double alpha) {
    return x -> x * sigmoid(alpha * x);
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double gelu(double x) {
    return x / 2 * (1 + Erf.of(x / Math.sqrt(2)));
  }

  static double geluByTanh(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }
}
