// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import lockstep.compiler.graph.Node;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.isa.FixedPoint;

/** A product of two activations in integers. */
final class ProductLowering {
  private static final int LARGEST_SCALE = (1 << FixedPoint.MULTIPLIER_BITS) - 1;

  private ProductLowering() {}

  static Layer.MatrixProduct lower(Node node, Tensor left, Tensor right, Tensor output) {
    FixedPoint.Scale scale =
        FixedPoint.scale(Math.min(LARGEST_SCALE, left.scale() * right.scale() / output.scale()));
    int[] multipliers = new int[output.c()];
    int[] shifts = new int[output.c()];
    Arrays.fill(multipliers, scale.multiplier());
    Arrays.fill(shifts, scale.shift());
    return new Layer.MatrixProduct(
        node.name(),
        node.source(),
        left,
        right,
        new Output(
            null, multipliers, shifts, null, 0, 1 << 15, 0, output.least(), output.greatest()),
        output);
  }
}
