// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;
import lockstep.isa.FixedPoint;

/** A network with each scale rounded to a power of two. */
final class PowersOfTwo {
  private PowersOfTwo() {}

  static Network of(Network network) {
    List<Layer> layers = network.layers().stream().map(PowersOfTwo::of).toList();
    return new Network(
        network.name(), network.inputs(), layers, network.outputs(), network.siblings());
  }

  private static Layer of(Layer layer) {
    return switch (layer) {
      case Layer.Convolution c ->
          new Layer.Convolution(
              c.name(),
              c.source(),
              c.input(),
              c.weights(),
              c.bias(),
              c.groups(),
              c.window(),
              of(c.out()),
              c.output());
      case Layer.MatrixProduct p ->
          new Layer.MatrixProduct(
              p.name(), p.source(), p.left(), p.right(), of(p.out()), p.output());
      case Layer.Concat concat -> concat;
      case Layer.View view -> view;
      case Layer.Host host -> host;
    };
  }

  private static Output of(Output out) {
    int[] multipliers = out.multipliers().clone();
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = 1 << (FixedPoint.MULTIPLIER_BITS - 1);
    }
    return new Output(
        out.pool(),
        multipliers,
        out.shifts(),
        out.residual(),
        out.residualMultiplier(),
        out.leak(),
        out.outShift(),
        out.min(),
        out.max());
  }
}
