// SPDX-License-Identifier: Apache-2.0
package lockstep.backend;

import java.util.Arrays;

/**
 * Wall-clock times of one inference on a real machine.
 *
 * @param medianMs half of the runs were at least as quick
 * @param lowerQuartileMs a quarter of the runs were at least as quick
 * @param upperQuartileMs three quarters of the runs were at least as quick
 * @param threads intra-op threads
 * @param warmup runs before those measured
 * @param runs measured runs
 * @param software name and version of what ran the model
 * @param hardware what it ran on
 */
public record Measurement(
    double medianMs,
    double lowerQuartileMs,
    double upperQuartileMs,
    int threads,
    int warmup,
    int runs,
    String software,
    String hardware) {

  /** The measurement that single times give. */
  static Measurement of(
      double[] milliseconds, int threads, int warmup, String software, String hardware) {
    double[] sorted = milliseconds.clone();
    Arrays.sort(sorted);
    return new Measurement(
        quantile(sorted, 0.5),
        quantile(sorted, 0.25),
        quantile(sorted, 0.75),
        threads,
        warmup,
        sorted.length,
        software,
        hardware);
  }

  /** Linear between the order statistics (type 7 of Hyndman and Fan). */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int low = (int) place;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }
}
