// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

/**
 * The error function by {@code erf x = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!}
 * (Abramowitz and Stegun 7.1.6), whose terms are all of one sign; beyond 6 it is 1 in double.
 */
public final class Erf {
  private static final double FACTOR = 2 / Math.sqrt(Math.PI);

  private Erf() {}

  /** erf x to about 1e-15. */
  public static double of(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return FACTOR * Math.exp(-x * x) * sum;
  }
}
