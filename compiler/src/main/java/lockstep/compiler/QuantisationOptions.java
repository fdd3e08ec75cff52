// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.List;
import java.util.Map;
import lockstep.arch.quantisation.Quantisation;

/**
 * How to quantise a float model.
 *
 * @param inputs calibration inputs: per run, the floats of each input by name; empty for seeded
 *     ones
 * @param seededInputs number of seeded inputs where none are given; 0 for as many as the model's
 *     size allows (3, or 1 for a large one)
 * @param seed of the seeded inputs
 * @param choices ranges, bits and pruning, by layer
 */
public record QuantisationOptions(
    List<Map<String, float[]>> inputs, int seededInputs, long seed, Quantisation choices) {
  public QuantisationOptions {
    inputs = List.copyOf(inputs);
  }

  /** The default choices on such inputs. */
  public QuantisationOptions(List<Map<String, float[]>> inputs, int seededInputs, long seed) {
    this(inputs, seededInputs, seed, Quantisation.DEFAULT);
  }

  public static QuantisationOptions defaults() {
    return new QuantisationOptions(List.of(), 0, 1);
  }

  public static QuantisationOptions calibratedOn(List<Map<String, float[]>> inputs) {
    return new QuantisationOptions(inputs, 0, 1);
  }

  /** The same inputs for other choices. */
  public QuantisationOptions with(Quantisation other) {
    return new QuantisationOptions(inputs, seededInputs, seed, other);
  }
}
