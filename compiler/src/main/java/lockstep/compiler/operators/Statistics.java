// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

/** Mean and variance of a run of elements {@code step} apart. */
record Statistics(double mean, double variance, double meanSquare) {

  static Statistics of(float[] x, int start, int count, int step) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = x[start + i * step];
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    double deviation = 0;
    for (int i = 0; i < count; i++) {
      double value = x[start + i * step] - mean;
      deviation += value * value;
    }
    return new Statistics(mean, deviation / count, squares / count);
  }
}
