// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.HostSession;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;

/** Runs host layers in ONNX Runtime: dequantise, run, quantise. */
public final class HostLayers {
  private HostLayers() {}

  public static byte[] run(Layer.Host layer, List<byte[]> inputs) {
    try (HostSession session =
        HostSession.open(layer.model(), "host layer '" + layer.name() + "'")) {
      List<String> names = session.inputNames();
      Map<String, Constant> feeds = new LinkedHashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        Shape shape = Shape.of(layer.inputShapes().get(i));
        feeds.put(names.get(i), operand(layer.inputs().get(i), shape, inputs.get(i)));
      }
      Constant output = session.run(feeds).values().iterator().next();
      if (output instanceof Constant.Integers integers) {
        return integers.bytes();
      }
      return layer.output().encoded(output.floats());
    }
  }

  private static Constant operand(Tensor tensor, Shape shape, byte[] bytes) {
    Tensor.Raw raw = tensor.raw();
    return raw == null
        ? new Constant.Floats(shape, tensor.reals(bytes))
        : Constant.Integers.of(raw.element(), shape, bytes);
  }
}
