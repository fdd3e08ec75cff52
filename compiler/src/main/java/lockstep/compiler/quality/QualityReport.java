// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.util.List;
import lockstep.compiler.network.WeightZeros;
import org.jspecify.annotations.Nullable;

/**
 * How near an integer network is to its float model. Errors of earlier layers are in the numbers of
 * later ones.
 *
 * @param inputs what it was measured on, in words
 * @param samples how many results were compared
 * @param layers in execution order; those whose result the float model has, too
 * @param outputs in the model's order
 * @param top1Agreement share of the samples whose greatest element of the first output is the same
 * @param accuracy share of the samples whose greatest element is the label's, null without labels
 * @param floatAccuracy the same of the float model
 */
public record QualityReport(
    String inputs,
    int samples,
    List<LayerQuality> layers,
    List<OutputQuality> outputs,
    double top1Agreement,
    @Nullable Double accuracy,
    @Nullable Double floatAccuracy) {

  public QualityReport {
    layers = List.copyOf(layers);
    outputs = List.copyOf(outputs);
  }

  /**
   * A layer.
   *
   * @param sqnrDb energy of the float model's values over that of the difference, in decibel
   * @param weightBits bits of a weight, activationBits of a result
   * @param zeros of its weights; null where it has none
   */
  public record LayerQuality(
      String layer,
      double sqnrDb,
      int weightBits,
      int activationBits,
      @Nullable WeightZeros zeros) {}

  /** An output of the model. */
  public record OutputQuality(String output, double sqnrDb) {}

  /** That of the worst output. */
  public double sqnrDb() {
    return outputs.stream().mapToDouble(OutputQuality::sqnrDb).min().orElseThrow();
  }
}
