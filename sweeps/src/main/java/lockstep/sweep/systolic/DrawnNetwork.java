// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.systolic;

import java.util.List;
import java.util.random.RandomGenerator;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.RandomNetwork;
import lockstep.isa.FixedPoint;

/**
 * Networks for comparing executions: those of {@link RandomNetwork}, half of them with each scale
 * rounded to a power of two. With a multiplier of 24 random bits a product that lies exactly
 * between two integers hardly ever comes up; with those, half to even and half up differ.
 */
final class DrawnNetwork {
  private DrawnNetwork() {}

  /**
   * A network of {@code layers} layers.
   *
   * @param largest bound on channels and on height and width
   */
  static Network draw(RandomGenerator random, int layers, int largest) {
    var network = RandomNetwork.draw(random, layers, largest);
    return random.nextBoolean() ? network : withPowersOfTwo(network);
  }

  private static Network withPowersOfTwo(Network network) {
    List<Layer> layers = network.layers().stream().map(DrawnNetwork::withPowersOfTwo).toList();
    return new Network(network.name(), network.inputs(), layers, network.outputs());
  }

  private static Layer withPowersOfTwo(Layer layer) {
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
              withPowersOfTwo(c.out()),
              c.output());
      case Layer.MatrixProduct p ->
          new Layer.MatrixProduct(
              p.name(), p.source(), p.left(), p.right(), withPowersOfTwo(p.out()), p.output());
      case Layer.Concat concat -> concat;
      case Layer.Host host -> host;
    };
  }

  private static Output withPowersOfTwo(Output out) {
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
