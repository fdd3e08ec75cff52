// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.quant.Calibration.Range;

/**
 * How often a value lay where, counted run by run. Exact zeros, which every encoding holds exactly,
 * are counted apart. Counts do not depend on the order of the runs.
 */
final class Histogram {
  /** Equal parts of the range. */
  static final int BINS = 4096;

  private final Range range;
  private final double width;
  private final long[] counts = new long[BINS];
  private long zeros;

  /**
   * @param range holds every value that will be added
   */
  Histogram(Range range) {
    this.range = range;
    this.width = ((double) range.max() - range.min()) / BINS;
  }

  void add(float[] values) {
    for (float value : values) {
      if (value == 0) {
        zeros++;
      } else {
        counts[bin(value)]++;
      }
    }
  }

  /** The part that a number lies in, or the nearest one. */
  int bin(double value) {
    return width == 0 ? 0 : Math.clamp((int) ((value - range.min()) / width), 0, BINS - 1);
  }

  Range range() {
    return range;
  }

  /** The number that stands for a part. */
  double centre(int bin) {
    return range.min() + (bin + 0.5) * width;
  }

  /** Where a part ends. */
  double end(int bin) {
    return range.min() + (bin + 1) * width;
  }

  double width() {
    return width;
  }

  long count(int bin) {
    return counts[bin];
  }

  long zeros() {
    return zeros;
  }

  /** How many values were counted, zeros not. */
  long counted() {
    long counted = 0;
    for (long each : counts) {
      counted += each;
    }
    return counted;
  }

  /** Whether all that was seen is one number. */
  boolean isPoint() {
    return width == 0;
  }

  /** The part of the range within {@code magnitude} of 0. */
  Range within(double magnitude) {
    return new Range(
        (float) Math.max(range.min(), -magnitude), (float) Math.min(range.max(), magnitude));
  }

  /** The magnitude that holds everything seen. */
  double reach() {
    return Math.max(Math.abs((double) range.min()), Math.abs((double) range.max()));
  }
}
