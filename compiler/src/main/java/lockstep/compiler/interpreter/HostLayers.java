// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Quantisation;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.host.FloatTensor;
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
      Map<String, FloatTensor> feeds = new LinkedHashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        feeds.put(
            names.get(i),
            new FloatTensor(
                Shape.of(layer.inputShapes().get(i)),
                floats(layer.inputs().get(i), inputs.get(i))));
      }
      float[] result = session.run(feeds).values().iterator().next().values();
      Quantisation encoding = new Quantisation(layer.output().scale(), layer.output().zeroPoint());
      byte[] bytes = new byte[result.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = encoding.quantise(result[i]);
      }
      return bytes;
    }
  }

  private static float[] floats(Tensor tensor, byte[] bytes) {
    Quantisation encoding = new Quantisation(tensor.scale(), tensor.zeroPoint());
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      floats[i] = encoding.dequantise(bytes[i]);
    }
    return floats;
  }
}
