// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;
import lockstep.isa.FixedPoint;

/** A network with each scale rounded to a power of two. */
final class PowersOfTwo {
  private static final int POWER = 1 << (FixedPoint.MULTIPLIER_BITS - 1);

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
      case LaneLayer lanes -> of(lanes);
    };
  }

  private static LaneLayer of(LaneLayer layer) {
    return switch (layer) {
      case LaneLayer.Elementwise e ->
          new LaneLayer.Elementwise(
              e.name(),
              e.source(),
              e.kind(),
              e.left(),
              e.right(),
              e.leftMultiplier(),
              e.rightMultiplier(),
              POWER,
              e.shift(),
              e.min(),
              e.max(),
              e.output());
      case LaneLayer.Reduce r ->
          new LaneLayer.Reduce(
              r.name(),
              r.source(),
              r.kind(),
              r.input(),
              r.axes(),
              POWER,
              r.shift(),
              r.min(),
              r.max(),
              r.output());
      case LaneLayer.Data _,
          LaneLayer.Lookup _,
          LaneLayer.Move _,
          LaneLayer.Join _,
          LaneLayer.Softmax _,
          LaneLayer.Normalisation _ ->
          layer;
    };
  }

  private static Output of(Output out) {
    int[] multipliers = out.multipliers().clone();
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = POWER;
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
