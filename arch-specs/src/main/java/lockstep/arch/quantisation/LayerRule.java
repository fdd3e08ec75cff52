// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

import java.util.List;
import lockstep.arch.NamePattern;
import lockstep.arch.quantisation.LayerQuantisation.Granularity;
import org.jspecify.annotations.Nullable;

/**
 * What some layers have of their own; what is null they have like the others.
 *
 * @param match a layer's name, or that of an operator of the model that it was made from; {@code *}
 *     stands for any characters, {@code ?} for one
 */
public record LayerRule(
    String match,
    @Nullable Calibration calibration,
    @Nullable Granularity weights,
    @Nullable Integer weightBits,
    @Nullable Integer activationBits,
    @Nullable Pruning pruning) {

  /** Whether a layer is meant. */
  public boolean matches(String name, List<String> operators) {
    return NamePattern.matches(match, name)
        || operators.stream().anyMatch(each -> NamePattern.matches(match, each));
  }

  /** The layer's choices with this rule's in their place. */
  LayerQuantisation over(LayerQuantisation layer) {
    return new LayerQuantisation(
        calibration == null ? layer.calibration() : calibration,
        weights == null ? layer.weights() : weights,
        weightBits == null ? layer.weightBits() : weightBits,
        activationBits == null ? layer.activationBits() : activationBits,
        pruning == null ? layer.pruning() : pruning);
  }
}
