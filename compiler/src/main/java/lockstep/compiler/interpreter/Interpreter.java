// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/**
 * Runs a network in plain integers: the reference that the simulators and the Verilog are held to.
 * Bytes of a tensor are n, c, h, w in row-major order. Output channels of a convolution are
 * computed in parallel, which changes nothing in the result.
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
          convolution(c, inputs.get(0), inputs.size() > 1 ? inputs.get(1) : null);
      case Layer.MatrixProduct p -> matrixProduct(p, inputs.get(0), inputs.get(1));
      case Layer.Concat c -> concat(c, inputs);
      case Layer.Host h -> HostLayers.run(h, inputs);
    };
  }

  private static byte[] convolution(
      Layer.Convolution layer, byte[] input, byte @Nullable [] residual) {
    Tensor x = layer.input();
    Tensor y = layer.output();
    Window w = layer.window();
    int height = w.outH(x.h());
    int width = w.outW(x.w());
    int paddedW = x.w() + w.padLeft() + w.padRight();
    int paddedPlane = (x.h() + w.padTop() + w.padBottom()) * paddedW;
    int[] padded = padded(x, input, w);
    int perGroup = x.c() / layer.groups();
    int outPerGroup = y.c() / layer.groups();
    byte[] output = new byte[(int) y.bytes()];
    for (int n = 0; n < x.n(); n++) {
      int batch = n;
      IntStream.range(0, y.c())
          .parallel()
          .forEach(
              k -> {
                int[] sums = new int[height * width];
                int firstChannel = batch * x.c() + k / outPerGroup * perGroup;
                int weight = k * perGroup * w.kernelH() * w.kernelW();
                for (int c = 0; c < perGroup; c++) {
                  for (int fy = 0; fy < w.kernelH(); fy++) {
                    for (int fx = 0; fx < w.kernelW(); fx++) {
                      int factor = layer.weights()[weight++];
                      int from =
                          (firstChannel + c) * paddedPlane
                              + fy * w.dilationH() * paddedW
                              + fx * w.dilationW();
                      if (factor != 0) {
                        accumulate(sums, padded, factor, from, paddedW, w, height, width);
                      }
                    }
                  }
                }
                postProcess(
                    pooled(sums, height, width, layer.out().pool()),
                    layer.out(),
                    k,
                    layer.bias()[k],
                    residual,
                    y,
                    (batch * y.c() + k) * y.h() * y.w(),
                    output);
              });
    }
    return output;
  }

  private static void accumulate(
      int[] sums,
      int[] padded,
      int factor,
      int from,
      int rowLength,
      Window w,
      int height,
      int width) {
    int strideW = w.strideW();
    for (int oy = 0; oy < height; oy++) {
      int row = from + oy * w.strideH() * rowLength;
      int out = oy * width;
      if (strideW == 1) {
        for (int ox = 0; ox < width; ox++) {
          sums[out + ox] += factor * padded[row + ox];
        }
      } else {
        for (int ox = 0; ox < width; ox++) {
          sums[out + ox] += factor * padded[row + ox * strideW];
        }
      }
    }
  }

  /** The input as ints, surrounded by its zero point. */
  private static int[] padded(Tensor x, byte[] input, Window w) {
    int paddedH = x.h() + w.padTop() + w.padBottom();
    int paddedW = x.w() + w.padLeft() + w.padRight();
    int[] padded = new int[x.n() * x.c() * paddedH * paddedW];
    Arrays.fill(padded, x.zeroPoint());
    for (int plane = 0; plane < x.n() * x.c(); plane++) {
      for (int iy = 0; iy < x.h(); iy++) {
        for (int ix = 0; ix < x.w(); ix++) {
          padded[(plane * paddedH + iy + w.padTop()) * paddedW + ix + w.padLeft()] =
              input[(plane * x.h() + iy) * x.w() + ix];
        }
      }
    }
    return padded;
  }

  private static int[] pooled(int[] sums, int height, int width, @Nullable Window pool) {
    if (pool == null) {
      return sums;
    }
    int outH = pool.outH(height);
    int outW = pool.outW(width);
    int[] result = new int[outH * outW];
    for (int oy = 0; oy < outH; oy++) {
      for (int ox = 0; ox < outW; ox++) {
        int most = Integer.MIN_VALUE;
        for (int fy = 0; fy < pool.kernelH(); fy++) {
          for (int fx = 0; fx < pool.kernelW(); fx++) {
            int iy = oy * pool.strideH() + fy * pool.dilationH() - pool.padTop();
            int ix = ox * pool.strideW() + fx * pool.dilationW() - pool.padLeft();
            if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
              most = Math.max(most, sums[iy * width + ix]);
            }
          }
        }
        result[oy * outW + ox] = most;
      }
    }
    return result;
  }

  private static void postProcess(
      int[] sums,
      Output out,
      int channel,
      int bias,
      byte @Nullable [] residual,
      Tensor y,
      int offset,
      byte[] output) {
    int residualZero = out.residual() == null ? 0 : out.residual().zeroPoint();
    for (int i = 0; i < sums.length; i++) {
      output[offset + i] =
          FixedPoint.postProcess(
              sums[i],
              bias,
              out.multipliers()[channel],
              out.shifts()[channel],
              residual == null ? 0 : residual[offset + i],
              residualZero,
              out.residualMultiplier(),
              out.leak(),
              out.outShift(),
              y.zeroPoint(),
              out.min(),
              out.max());
    }
  }

  private static byte[] matrixProduct(Layer.MatrixProduct layer, byte[] left, byte[] right) {
    int rows = layer.left().w();
    int inner = layer.left().c();
    int columns = layer.right().c();
    byte[] output = new byte[(int) layer.output().bytes()];
    for (int n = 0; n < layer.left().n(); n++) {
      for (int k = 0; k < columns; k++) {
        int[] sums = new int[rows];
        for (int i = 0; i < inner; i++) {
          int factor = right[(n * columns + k) * inner + i];
          for (int m = 0; m < rows; m++) {
            sums[m] += factor * left[(n * inner + i) * rows + m];
          }
        }
        postProcess(
            sums, layer.out(), k, 0, null, layer.output(), (n * columns + k) * rows, output);
      }
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
