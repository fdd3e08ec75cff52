// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

/** Comparisons of float outputs. */
public final class Signals {
  private Signals() {}

  public static double sqnrDecibel(float[] actual, float[] expected) {
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = (double) actual[i] - expected[i];
      signal += (double) expected[i] * expected[i];
      noise += error * error;
    }
    return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
  }

  public static double largestDifference(float[] actual, float[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
    }
    return largest;
  }

  public static int top(float[] values) {
    int top = 0;
    for (int i = 0; i < values.length; i++) {
      top = values[i] > values[top] ? i : top;
    }
    return top;
  }
}
