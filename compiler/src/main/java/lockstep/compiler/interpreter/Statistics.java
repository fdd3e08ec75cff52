// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import lockstep.compiler.graph.Constant;

/**
 * What a tensor's numbers are like, as numbers. All are NaN for a tensor without elements.
 *
 * @param deviation standard deviation
 */
public record Statistics(double min, double max, double mean, double deviation) {
  public static Statistics of(Constant tensor) {
    double[] values = doubles(tensor);
    if (values.length == 0) {
      return new Statistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Statistics(min, max, mean, Math.sqrt(squares / values.length));
  }

  private static double[] doubles(Constant tensor) {
    if (tensor instanceof Constant.Integers integers) {
      return java.util.Arrays.stream(integers.values()).asDoubleStream().toArray();
    }
    float[] floats = tensor.floats();
    double[] values = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }
}
