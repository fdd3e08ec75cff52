// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.network.Layer;
import lockstep.compiler.onnx.OnnxWriter;

/**
 * What ONNX Runtime makes of one layer: the graph's own node in floats, on the layer's dequantised
 * inputs, with the layer's weights as reals and the graph's bias, quantised once at the end.
 */
final class LayerOracle {
  private LayerOracle() {}

  static byte[] expected(Graph graph, Node node, Layer.Convolution layer, List<byte[]> inputs) {
    Op.Conv conv = (Op.Conv) node.op();
    Map<String, Constant> constants = new HashMap<>(graph.constants());
    String weights = node.inputs().get(1);
    constants.put(weights, realWeights(layer, graph.type(weights).shape()));
    Map<String, Constant> feeds = new HashMap<>();
    Map<String, ValueType> types = new HashMap<>();
    List<String> operands =
        conv.residual()
            ? List.of(node.input(), node.inputs().getLast()).stream().distinct().toList()
            : List.of(node.input());
    for (String operand : operands) {
      int index = operand.equals(node.input()) ? 0 : 1;
      types.put(operand, graph.type(operand));
      feeds.put(
          operand,
          new Constant.Floats(
              graph.type(operand).shape(), layer.inputs().get(index).reals(inputs.get(index))));
    }
    types.put(node.output(), graph.type(node.output()));
    Graph single =
        new Graph(
            "layer",
            17,
            operands,
            List.of(node),
            List.of(new Graph.Result(node.output(), node.output())),
            types,
            constants,
            Map.of());
    try (HostSession session = HostSession.open(OnnxWriter.write(single), layer.name())) {
      return layer.output().encoded(session.run(feeds).values().iterator().next().floats());
    }
  }

  /** Codes times the weight scale that the requantisation multiplier implies. */
  static Constant.Floats realWeights(Layer.Convolution layer, Shape shape) {
    float[] reals = new float[layer.weights().length()];
    int slice = reals.length / layer.output().c();
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (float) (layer.weights().get(i) * weightScale(layer, i / slice));
    }
    return new Constant.Floats(shape, reals);
  }

  static double weightScale(Layer.Convolution layer, int channel) {
    double multiplier =
        Math.scalb(
            (double) layer.out().multipliers()[channel],
            -layer.out().shifts()[channel] - layer.out().outShift());
    return multiplier * layer.output().scale() / layer.input().scale();
  }
}
