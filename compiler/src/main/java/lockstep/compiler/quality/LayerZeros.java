// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import lockstep.arch.quantisation.Pruning;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.WeightZeros;

/** The zeros of a layer in groups of its own n:m pruning, or of 2:4. */
public final class LayerZeros {
  private LayerZeros() {}

  public static WeightZeros of(Layer.Convolution layer, Pruning pruning) {
    return switch (pruning) {
      case Pruning.NOfM(int n, int m) -> WeightZeros.of(layer, n, m);
      case Pruning.None _, Pruning.Magnitude _ -> WeightZeros.of(layer, 2, 4);
    };
  }
}
