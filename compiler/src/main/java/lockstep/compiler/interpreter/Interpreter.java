// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.network.Accumulator;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.isa.FixedPoint;

/**
 * Runs a network in plain integers: the reference that the simulators and the Verilog are held to.
 * Bytes of a tensor are its codes, n, c, h, w in row-major order, one or two bytes each.
 */
public final class Interpreter {
  private Interpreter() {}

  /**
   * The bytes of every tensor, inputs included, by name.
   *
   * @param inputs by tensor name
   */
  public static Map<String, byte[]> run(Network network, Map<String, byte[]> inputs) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    for (Tensor input : network.inputs()) {
      byte[] bytes = Objects.requireNonNull(inputs.get(input.name()), input.name());
      if (bytes.length != input.bytes()) {
        throw new IllegalArgumentException(bytes.length + " bytes for " + input);
      }
      values.put(input.name(), bytes);
    }
    for (Layer layer : network.layers()) {
      List<byte[]> operands =
          layer.inputs().stream()
              .map(t -> Objects.requireNonNull(values.get(t.name()), t.name()))
              .toList();
      values.put(layer.output().name(), run(layer, operands));
    }
    return values;
  }

  /** One layer on the bytes of its {@link Layer#inputs}. */
  public static byte[] run(Layer layer, List<byte[]> inputs) {
    return switch (layer) {
      case Layer.Convolution c ->
          IntegerConvolution.run(c, inputs.get(0), inputs.size() > 1 ? inputs.get(1) : null);
      case Layer.MatrixProduct p -> matrixProduct(p, inputs.get(0), inputs.get(1));
      case Layer.Concat c -> concat(c, inputs);
      case Layer.View v -> view(v, inputs.getFirst());
      case Layer.Host h -> HostLayers.run(h, inputs);
      case LaneLayer l -> LaneLayers.run(l, inputs);
    };
  }

  private static byte[] matrixProduct(Layer.MatrixProduct layer, byte[] left, byte[] right) {
    int rows = layer.left().w();
    int inner = layer.left().c();
    int columns = layer.right().c();
    Accumulator accumulator = Accumulator.of(layer);
    Tensor y = layer.output();
    WayOut out = new WayOut(layer.out(), accumulator, y, null, new byte[(int) y.bytes()]);
    for (int n = 0; n < layer.left().n(); n++) {
      for (int k = 0; k < columns; k++) {
        long[] sums = new long[rows];
        for (int i = 0; i < inner; i++) {
          long factor = layer.right().code(right, (n * columns + k) * inner + i);
          for (int m = 0; m < rows; m++) {
            sums[m] += factor * layer.left().code(left, (n * inner + i) * rows + m);
          }
        }
        Arrays.setAll(sums, m -> FixedPoint.wrap(sums[m], accumulator.bits()));
        out.write(sums, k, 0, (n * columns + k) * rows);
      }
    }
    return out.bytes();
  }

  private static byte[] view(Layer.View layer, byte[] input) {
    Tensor x = layer.input();
    int pixels = x.h() * x.w() * x.codeBytes();
    int length = layer.channels() * pixels;
    byte[] output = new byte[x.n() * length];
    for (int n = 0; n < x.n(); n++) {
      int from = (n * x.c() + layer.firstChannel()) * pixels;
      System.arraycopy(input, from, output, n * length, length);
    }
    return output;
  }

  private static byte[] concat(Layer.Concat layer, List<byte[]> inputs) {
    Tensor y = layer.output();
    byte[] output = new byte[(int) y.bytes()];
    int at = 0;
    for (int n = 0; n < y.n(); n++) {
      for (int i = 0; i < inputs.size(); i++) {
        int length = inputs.get(i).length / y.n();
        System.arraycopy(inputs.get(i), n * length, output, at, length);
        at += length;
      }
    }
    return output;
  }

  /** Runs a network on a model's floats and gives its floats, by name. */
  public static Map<String, float[]> runFloats(
      lockstep.compiler.QuantisedModel model, Map<String, float[]> inputs) {
    Map<String, byte[]> bytes = new HashMap<>();
    for (lockstep.compiler.QuantisedModel.Input input : model.inputs()) {
      bytes.put(
          input.tensor().name(),
          input.quantise(Objects.requireNonNull(inputs.get(input.name()), input.name())));
    }
    Map<String, byte[]> values = run(model.network(), bytes);
    Map<String, float[]> results = new LinkedHashMap<>();
    for (lockstep.compiler.QuantisedModel.Result result : model.outputs()) {
      results.put(
          result.name(),
          result.dequantise(Objects.requireNonNull(values.get(result.tensor().name()))));
    }
    return results;
  }
}
