// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.graph.Encoding;
import lockstep.compiler.quant.Calibration.Range;

/**
 * The range whose codes have the least mean squared error, of the ranges within {@code reach x
 * 2^(-i/16)} of 0 for i from 0 to 112. A value is taken to lie in the centre of its part of the
 * histogram.
 */
record LeastSquaresRange() implements RangeChoice {
  private static final int STEPS_PER_OCTAVE = 16;
  private static final int STEPS = 7 * STEPS_PER_OCTAVE;

  @Override
  public Range of(Histogram histogram, CodeWidth codes) {
    Range best = histogram.range();
    if (histogram.isPoint()) {
      return best;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step <= STEPS; step++) {
      double magnitude = histogram.reach() * Math.pow(2, -(double) step / STEPS_PER_OCTAVE);
      Range range = step == 0 ? histogram.range() : histogram.within(magnitude);
      double error = squaredError(histogram, codes, range);
      if (error < least) {
        least = error;
        best = range;
      }
    }
    return best;
  }

  /** The sum over all values of the squared distance from what their codes stand for. */
  static double squaredError(Histogram histogram, CodeWidth codes, Range range) {
    Encoding encoding = codes.encoding(range);
    double sum = 0;
    for (int i = 0; i < Histogram.BINS; i++) {
      long count = histogram.count(i);
      if (count > 0) {
        double real = histogram.centre(i);
        int code = encoding.quantise(real);
        double error = encoding.scale() * (code - encoding.zeroPoint()) - real;
        sum += count * error * error;
      }
    }
    return sum;
  }
}
