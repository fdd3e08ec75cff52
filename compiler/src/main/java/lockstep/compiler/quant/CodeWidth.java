// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.graph.Encoding;
import lockstep.compiler.quant.Calibration.Range;

/**
 * The codes that an activation may have: {@code -2^(bits-1)} to {@code 2^(bits-1) - 1}.
 *
 * @param bits from 2 to 16
 * @param symmetric whether the zero point has to be 0
 */
record CodeWidth(int bits, boolean symmetric) {
  private static final double SMALLEST_SCALE = 0x1p-100;

  /** Asymmetric codes that fill a byte. */
  static final CodeWidth BYTE = new CodeWidth(8, false);

  int least() {
    return -(1 << (bits - 1));
  }

  int greatest() {
    return (1 << (bits - 1)) - 1;
  }

  /** The encoding whose codes fill a range, which is widened to hold 0. */
  Encoding encoding(Range range) {
    double min = Math.min(0, (double) range.min());
    double max = Math.max(0, (double) range.max());
    if (symmetric) {
      double magnitude = Math.max(-min, max);
      return new Encoding(
          magnitude == 0 ? 1 : Math.max(SMALLEST_SCALE, magnitude / greatest()), 0, bits);
    }
    if (min == max) {
      return new Encoding(1, 0, bits);
    }
    double scale = Math.max(SMALLEST_SCALE, (max - min) / (greatest() - least()));
    int zeroPoint = (int) Math.clamp(Math.rint(least() - min / scale), least(), greatest());
    return new Encoding(scale, zeroPoint, bits);
  }
}
