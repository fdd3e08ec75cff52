// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

/** Sums the energy of a signal and of what differs from it. */
final class SignalToNoise {
  /** What is given where nothing differs, in decibel; double precision would end at 319. */
  static final double MOST_DECIBEL = 300;

  private double signal;
  private double noise;

  void add(float[] reference, float[] actual) {
    if (reference.length != actual.length) {
      throw new IllegalArgumentException(reference.length + " numbers against " + actual.length);
    }
    for (int i = 0; i < reference.length; i++) {
      double error = (double) actual[i] - reference[i];
      signal += (double) reference[i] * reference[i];
      noise += error * error;
    }
  }

  /** {@code 10 log10(signal / noise)}, within {@link #MOST_DECIBEL} of 0. */
  double decibel() {
    if (noise == 0) {
      return MOST_DECIBEL;
    }
    return Math.clamp(10 * Math.log10(signal / noise), -MOST_DECIBEL, MOST_DECIBEL);
  }
}
