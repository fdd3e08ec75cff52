// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.quant.Calibration.Range;

/**
 * The range without the rarest values: at each end at most {@code (100 - percent) / 2} percent of
 * all values are cut off, in whole parts of the histogram.
 */
record PercentileRange(double percent) implements RangeChoice {
  @Override
  public Range of(Histogram histogram, CodeWidth codes) {
    if (histogram.isPoint()) {
      return histogram.range();
    }
    long all = histogram.zeros();
    for (int i = 0; i < Histogram.BINS; i++) {
      all += histogram.count(i);
    }
    double outside = all * (100 - percent) / 200;
    int first = 0;
    for (double cut = 0; first < Histogram.BINS - 1; first++) {
      cut += count(histogram, first);
      if (cut > outside) {
        break;
      }
    }
    int last = Histogram.BINS - 1;
    for (double cut = 0; last > first; last--) {
      cut += count(histogram, last);
      if (cut > outside) {
        break;
      }
    }
    Range range = histogram.range();
    return new Range(
        first == 0 ? range.min() : (float) (histogram.end(first) - histogram.width()),
        last == Histogram.BINS - 1 ? range.max() : (float) histogram.end(last));
  }

  /** Zeros count where 0 is. */
  private static long count(Histogram histogram, int bin) {
    return histogram.count(bin) + (bin == histogram.bin(0) ? histogram.zeros() : 0);
  }
}
