// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.graph.Encoding;
import lockstep.compiler.quant.Calibration.Range;

/**
 * The range whose codes tell least wrong about how the values are distributed: least
 * Kullback-Leibler divergence D(P || Q), of the ranges within {@code reach x 2^(-i/16)} of 0 that
 * have at least one part of the histogram for each code.
 *
 * <p>P is the histogram with all that lies outside the range added to its outermost parts. Q
 * spreads what lies inside and has one code evenly over those of that code's parts where P is not
 * 0. Zeros are left out. The method is that of S. Migacz, 8-bit inference with TensorRT, GTC 2017,
 * with encodings that need not be symmetric.
 */
record EntropyRange() implements RangeChoice {
  private static final int STEPS_PER_OCTAVE = 16;

  @Override
  public Range of(Histogram histogram, CodeWidth codes) {
    Range best = histogram.range();
    if (histogram.isPoint() || histogram.counted() < Histogram.BINS) {
      return best;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; ; step++) {
      double magnitude = histogram.reach() * Math.pow(2, -(double) step / STEPS_PER_OCTAVE);
      Range range = step == 0 ? histogram.range() : histogram.within(magnitude);
      double parts = ((double) range.max() - range.min()) / histogram.width();
      if (step > 0 && parts < codes.greatest() - codes.least() + 1) {
        return best;
      }
      double divergence = divergence(histogram, codes, range);
      if (divergence < least) {
        least = divergence;
        best = range;
      }
    }
  }

  /** D(P || Q) in nats; infinite where Q is 0 and P is not. */
  static double divergence(Histogram histogram, CodeWidth codes, Range range) {
    int first = 0;
    int last = Histogram.BINS - 1;
    long below = 0;
    long above = 0;
    while (first < last && histogram.centre(first) < range.min()) {
      below += histogram.count(first++);
    }
    while (last > first && histogram.centre(last) > range.max()) {
      above += histogram.count(last--);
    }
    Encoding encoding = codes.encoding(range);
    long inside = 0;
    for (int i = first; i <= last; i++) {
      inside += histogram.count(i);
    }
    double all = (double) below + inside + above;
    double divergence = 0;
    for (int from = first; from <= last; ) {
      int code = encoding.quantise(histogram.centre(from));
      long held = 0;
      long meant = 0;
      int parts = 0;
      double negentropy = 0;
      int at = from;
      for (; at <= last && encoding.quantise(histogram.centre(at)) == code; at++) {
        long p = histogram.count(at) + (at == first ? below : 0) + (at == last ? above : 0);
        if (p > 0) {
          held += histogram.count(at);
          meant += p;
          parts++;
          negentropy += p / all * Math.log(p / all);
        }
      }
      if (parts > 0) {
        divergence += negentropy - meant / all * Math.log(held / (double) parts / inside);
      }
      from = at;
    }
    return divergence;
  }
}
