// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.quant.Calibration.Range;

/** From the least to the greatest value: nothing saturates. */
record WholeRange() implements RangeChoice {
  @Override
  public Range of(Histogram histogram, CodeWidth codes) {
    return histogram.range();
  }
}
