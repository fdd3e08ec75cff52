// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.Map;

/** Functions of one number without attributes. */
final class UnaryFunctions {
  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("Abs", Unary.of(Math::abs, Math::abs)),
          entry("Neg", Unary.of(x -> -x, x -> -x)),
          entry("Sign", Unary.of(Math::signum, Long::signum)),
          entry("Ceil", Unary.of(Math::ceil)),
          entry("Floor", Unary.of(Math::floor)),
          entry("Round", Unary.of(Math::rint)),
          entry("Sqrt", Unary.of(Math::sqrt)),
          entry("Exp", Unary.of(Math::exp)),
          entry("Log", Unary.of(Math::log)),
          entry("Reciprocal", Unary.of(x -> 1 / x)),
          entry("Erf", Unary.of(Erf::of)),
          entry("Sin", Unary.of(Math::sin)),
          entry("Cos", Unary.of(Math::cos)),
          entry("Tan", Unary.of(Math::tan)),
          entry("Asin", Unary.of(Math::asin)),
          entry("Acos", Unary.of(Math::acos)),
          entry("Atan", Unary.of(Math::atan)),
          entry("Sinh", Unary.of(Math::sinh)),
          entry("Cosh", Unary.of(Math::cosh)),
          entry("Tanh", Unary.of(Math::tanh)),
          entry("Asinh", Unary.of(UnaryFunctions::asinh)),
          entry("Acosh", Unary.of(x -> Math.log(x + Math.sqrt(x * x - 1)))),
          entry("Atanh", Unary.of(x -> (Math.log1p(x) - Math.log1p(-x)) / 2)),
          entry("BitwiseNot", new Unary(null, x -> ~x)));

  private UnaryFunctions() {}

  /** By magnitude, because the plain formula cancels for negative numbers. */
  private static double asinh(double x) {
    double size = Math.abs(x);
    return Math.copySign(Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1))), x);
  }
}
