// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

/** How the range that codes cover is chosen from the values that calibration sees. */
public sealed interface Calibration {
  /** Share of values that {@link Percentile} keeps where the file says none, in percent. */
  double DEFAULT_PERCENTILE = 99.99;

  /** The word that a machine file uses. */
  String word();

  /** From the least to the greatest value. */
  record MinMax() implements Calibration {
    @Override
    public String word() {
      return "min-max";
    }
  }

  /**
   * Cuts off {@code (100 - percent) / 2} percent of the values at each end.
   *
   * @param percent above 50, at most 100
   */
  record Percentile(double percent) implements Calibration {
    @Override
    public String word() {
      return "percentile";
    }
  }

  /** The range with the least mean squared error of the codes. */
  record MeanSquaredError() implements Calibration {
    @Override
    public String word() {
      return "mse";
    }
  }

  /** The range with the least Kullback-Leibler divergence of the codes' distribution. */
  record Entropy() implements Calibration {
    @Override
    public String word() {
      return "entropy";
    }
  }
}
