// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.quantisation;

import java.util.List;

/**
 * How models are quantised and pruned for a machine: the block {@code quantisation:} of its file,
 * the same for every family. It changes the numbers of a program, not the machine.
 *
 * @param all what every layer has that no rule names
 * @param layers rules for some of the layers; where several match, the later ones win
 */
public record Quantisation(LayerQuantisation all, List<LayerRule> layers) {
  /** That of a file without the block. */
  public static final Quantisation DEFAULT = new Quantisation(LayerQuantisation.DEFAULT, List.of());

  public Quantisation {
    layers = List.copyOf(layers);
  }

  /**
   * A layer's choices.
   *
   * @param operators names of the model's operators that the layer was made from
   */
  public LayerQuantisation of(String layer, List<String> operators) {
    LayerQuantisation chosen = all;
    for (LayerRule each : layers) {
      if (each.matches(layer, operators)) {
        chosen = each.over(chosen);
      }
    }
    return chosen;
  }
}
