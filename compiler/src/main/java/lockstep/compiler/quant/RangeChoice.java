// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.compiler.quant.Calibration.Range;

/** Which part of the values seen the codes cover; what lies outside saturates. */
sealed interface RangeChoice permits WholeRange, PercentileRange, LeastSquaresRange, EntropyRange {

  /**
   * A part of the histogram's range.
   *
   * @param codes what the range will be divided into
   */
  Range of(Histogram histogram, CodeWidth codes);

  static RangeChoice of(lockstep.arch.quantisation.Calibration calibration) {
    return switch (calibration) {
      case lockstep.arch.quantisation.Calibration.MinMax _ -> new WholeRange();
      case lockstep.arch.quantisation.Calibration.Percentile(double percent) ->
          new PercentileRange(percent);
      case lockstep.arch.quantisation.Calibration.MeanSquaredError _ -> new LeastSquaresRange();
      case lockstep.arch.quantisation.Calibration.Entropy _ -> new EntropyRange();
    };
  }
}
