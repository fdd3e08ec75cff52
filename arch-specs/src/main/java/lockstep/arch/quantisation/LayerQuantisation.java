// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

/**
 * How one layer is quantised.
 *
 * @param calibration of the layer's output
 * @param weights how many weights share a scale
 * @param weightBits bits of a weight's code, sign included; codes are symmetric around 0
 * @param activationBits bits of a code of the layer's output
 */
public record LayerQuantisation(
    Calibration calibration,
    Granularity weights,
    int weightBits,
    int activationBits,
    Pruning pruning) {

  /** What each key says where a machine file leaves it out. */
  public static final LayerQuantisation DEFAULT =
      new LayerQuantisation(
          new Calibration.MinMax(), Granularity.CHANNEL, 8, 8, new Pruning.None());

  /** How many weights share a scale. */
  public enum Granularity {
    /** Those of one output channel. */
    CHANNEL,
    /** All of a layer. */
    TENSOR
  }
}
