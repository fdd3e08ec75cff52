// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.topology;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lockstep.arch.UserError;
import lockstep.compiler.QuantisedModel;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.NetworkCheck;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;

/**
 * A layer list as a network: one layer per row, each with an input and an output of its own, and
 * seeded weights (equal for rows of equal shape). A product of M x K and K x N is a 1x1 convolution
 * over M pixels.
 */
public final class Topology {
  private static final double SCALE = 1.0 / 128;

  /** Standard deviation of numbers uniform from -127 to 127. */
  private static final double DEVIATION = 73.6;

  private final Map<List<Integer>, byte[]> weights = new HashMap<>();
  private final List<QuantisedModel.Input> inputs = new ArrayList<>();
  private final List<QuantisedModel.Result> outputs = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();

  private Topology() {}

  /**
   * @throws UserError with line and column for a file that is no layer list
   */
  public static QuantisedModel network(String name, String where, byte[] csv) {
    Topology topology = new Topology();
    for (LayerRow row : TopologyReader.read(where, new String(csv, StandardCharsets.UTF_8))) {
      topology.add(row);
    }
    Network network =
        NetworkCheck.require(
            new Network(
                name,
                topology.inputs.stream().map(QuantisedModel.Input::tensor).toList(),
                List.copyOf(topology.layers),
                topology.outputs.stream().map(QuantisedModel.Result::tensor).toList()));
    return new QuantisedModel(
        network,
        List.of(),
        List.of("a layer list: every layer is independent, weights are seeded"),
        List.of(),
        topology.inputs,
        topology.outputs);
  }

  private void add(LayerRow row) {
    switch (row) {
      case LayerRow.Convolution c ->
          add(
              c.name(),
              c.channels(),
              c.height(),
              c.width(),
              c.filters(),
              new Window(c.kernelH(), c.kernelW(), c.strideH(), c.strideW(), 1, 1, 0, 0, 0, 0));
      case LayerRow.Product p -> add(p.name(), p.inner(), 1, p.rows(), p.columns(), Window.POINT);
    }
  }

  private void add(String name, int channels, int height, int width, int filters, Window window) {
    Tensor input = new Tensor(name + "/input", 1, channels, height, width, SCALE, 0);
    Tensor output =
        new Tensor(name + "/output", 1, filters, window.outH(height), window.outW(width), SCALE, 0);
    int terms = channels * window.kernelH() * window.kernelW();
    FixedPoint.Scale scale = FixedPoint.scale(127 / (3 * DEVIATION * DEVIATION * Math.sqrt(terms)));
    int[] multipliers = new int[filters];
    int[] shifts = new int[filters];
    Arrays.fill(multipliers, scale.multiplier());
    Arrays.fill(shifts, scale.shift());
    layers.add(
        new Layer.Convolution(
            name,
            List.of(name),
            input,
            weights.computeIfAbsent(List.of(filters, terms), shape -> seeded(filters, terms)),
            new int[filters],
            1,
            window,
            new Output(null, multipliers, shifts, null, 0, 1 << 15, 0, -128, 127),
            output));
    inputs.add(new QuantisedModel.Input(input.name(), shape(input), null, input));
    outputs.add(new QuantisedModel.Result(output.name(), shape(output), null, output));
  }

  private static byte[] seeded(int filters, int terms) {
    SplittableRandom random = new SplittableRandom(filters * 31L + terms);
    byte[] values = new byte[Math.multiplyExact(filters, terms)];
    random.nextBytes(values);
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] == -128 ? 0 : values[i];
    }
    return values;
  }

  private static Shape shape(Tensor tensor) {
    return Shape.of(tensor.n(), tensor.c(), tensor.h(), tensor.w());
  }
}
