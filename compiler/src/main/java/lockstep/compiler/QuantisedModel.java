// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A quantised network with all that is needed to feed it and to read it.
 *
 * @param calibrationInputs by input name, one map per calibration run
 * @param notes sentences for the report: how the model was quantised
 * @param hostLayers what the machine cannot do
 * @param inputs in the network's order
 * @param outputs in the model's order; two may be one tensor
 */
public record QuantisedModel(
    Network network,
    List<Map<String, float[]>> calibrationInputs,
    List<String> notes,
    List<HostLayer> hostLayers,
    List<Input> inputs,
    List<Result> outputs) {

  public QuantisedModel {
    calibrationInputs = List.copyOf(calibrationInputs);
    notes = List.copyOf(notes);
    hostLayers = List.copyOf(hostLayers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The same with another network that computes the same tensors. */
  public QuantisedModel with(Network other) {
    return new QuantisedModel(other, calibrationInputs, notes, hostLayers, inputs, outputs);
  }

  /**
   * @param name of the {@link lockstep.compiler.network.Layer.Host}
   * @param operators ONNX operator names
   */
  public record HostLayer(String name, List<String> operators, String reason) {}

  /**
   * A model input.
   *
   * @param shape as the model declares it
   * @param order element i of the tensor is element order[i] of the floats; null for the same order
   */
  public record Input(String name, Shape shape, int @Nullable [] order, Tensor tensor) {
    /**
     * The tensor's bytes, n, c, h, w in row-major order.
     *
     * @throws IllegalArgumentException if the number of floats is wrong
     */
    public byte[] quantise(float[] floats) {
      Tensor.Raw raw = tensor.raw();
      if (raw != null) {
        float[] ordered = floats.clone();
        for (int i = 0; order != null && i < ordered.length; i++) {
          ordered[i] = floats[order[i]];
        }
        return Constant.Integers.of(raw.element(), shape, ordered).bytes();
      }
      if (floats.length != tensor.elements()) {
        throw new IllegalArgumentException(
            floats.length + " numbers for input " + name + " of shape " + shape);
      }
      byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
      for (int i = 0; i < floats.length; i++) {
        tensor.put(bytes, i, tensor.encode(floats[order == null ? i : order[i]]));
      }
      return bytes;
    }
  }

  /**
   * A model output.
   *
   * @param shape as the model declares it
   * @param order element i of the floats is element order[i] of the tensor; null for the same order
   */
  public record Result(String name, Shape shape, int @Nullable [] order, Tensor tensor) {
    /** The model's floats from the tensor's bytes. */
    public float[] dequantise(byte[] bytes) {
      Tensor.Raw raw = tensor.raw();
      if (raw != null) {
        return Constant.Integers.of(raw.element(), shape, bytes).floats();
      }
      float[] floats = new float[bytes.length / tensor.codeBytes()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = tensor.decode(tensor.code(bytes, order == null ? i : order[i]));
      }
      return floats;
    }
  }
}
