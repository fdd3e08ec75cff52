// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import lockstep.arch.quantisation.Quantisation;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.WeightZeros;
import lockstep.compiler.quality.LayerZeros;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code weights.json}: the zeros among each layer's weights, for machines that can skip them. */
final class WeightsDocument {
  private WeightsDocument() {}

  static String json(Network network, Quantisation choices) {
    var mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    var layers = mapper.createArrayNode();
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Convolution convolution) {
        var chosen = choices.of(layer.name(), layer.source());
        WeightZeros zeros = LayerZeros.of(convolution, chosen.pruning());
        layers
            .addObject()
            .put("layer", layer.name())
            .put("weights", zeros.weights())
            .put("zeros", zeros.zeros())
            .put("n", zeros.n())
            .put("m", zeros.m())
            .put("groups", zeros.groups())
            .put("groups_within_n", zeros.withinN())
            .put("empty_groups", zeros.empty());
      }
    }
    return mapper.writeValueAsString(layers) + "\n";
  }
}
