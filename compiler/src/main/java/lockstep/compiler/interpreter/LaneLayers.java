// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.interpreter;

import java.util.List;
import java.util.function.UnaryOperator;
import lockstep.compiler.interpreter.nonlinear.IntegerLayerNorm;
import lockstep.compiler.interpreter.nonlinear.IntegerLogSoftmax;
import lockstep.compiler.interpreter.nonlinear.IntegerSoftmax;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Tensor;
import lockstep.isa.FixedPoint;

/** The layers of vector lanes in plain integers, element by element, as {@link LaneLayer} says. */
final class LaneLayers {
  private LaneLayers() {}

  static byte[] run(LaneLayer layer, List<byte[]> inputs) {
    return switch (layer) {
      case LaneLayer.Data d -> d.codes().clone();
      case LaneLayer.Lookup l -> lookup(l, inputs.getFirst());
      case LaneLayer.Elementwise e -> elementwise(e, inputs.get(0), inputs.get(1));
      case LaneLayer.Move m -> move(m, inputs.getFirst());
      case LaneLayer.Join j -> join(j, inputs);
      case LaneLayer.Reduce r -> reduce(r, inputs.getFirst());
      case LaneLayer.Softmax s -> rows(s.axis(), s.input(), inputs.getFirst(), softmax(s));
      case LaneLayer.Normalisation n ->
          rows(n.axis(), n.input(), inputs.getFirst(), normalisation(n)::apply);
    };
  }

  private static byte[] lookup(LaneLayer.Lookup layer, byte[] input) {
    byte[] output = new byte[input.length];
    for (int i = 0; i < output.length; i++) {
      output[i] = layer.table()[input[i] - Byte.MIN_VALUE];
    }
    return output;
  }

  private static byte[] elementwise(LaneLayer.Elementwise layer, byte[] left, byte[] right) {
    Tensor y = layer.output();
    byte[] output = new byte[(int) y.bytes()];
    for (int i = 0; i < output.length; i++) {
      int l = left[at(layer.left(), y, i)] - layer.left().zeroPoint();
      int r = right[at(layer.right(), y, i)] - layer.right().zeroPoint();
      int a = Math.multiplyExact(l, layer.leftMultiplier());
      int b = Math.multiplyExact(r, layer.rightMultiplier());
      int x =
          switch (layer.kind()) {
            case ADD -> Math.addExact(a, b);
            case MULTIPLY -> Math.multiplyExact(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
          };
      output[i] = code(x, layer.multiplier(), layer.shift(), y, layer.min(), layer.max());
    }
    return output;
  }

  /** The element of an operand for element {@code index} of the result. */
  private static int at(Tensor operand, Tensor y, int index) {
    int at = 0;
    for (Axis axis : Axis.values()) {
      int place = index / axis.stride(y) % axis.length(y);
      at += axis.length(operand) == 1 ? 0 : place * axis.stride(operand);
    }
    return at;
  }

  private static byte[] move(LaneLayer.Move layer, byte[] input) {
    byte[] output = new byte[(int) layer.output().bytes()];
    int[] index = new int[layer.offsets().size()];
    for (int i = 0; i < output.length; i++) {
      boolean outside = false;
      int at = 0;
      for (int d = 0; d < index.length; d++) {
        int offset = layer.offsets().get(d)[index[d]];
        outside |= offset == LaneLayer.Move.OUTSIDE;
        at += offset;
      }
      output[i] = outside ? (byte) layer.fill() : input[at];
      for (int d = index.length - 1; d >= 0 && ++index[d] == layer.offsets().get(d).length; d--) {
        index[d] = 0;
      }
    }
    return output;
  }

  private static byte[] join(LaneLayer.Join layer, List<byte[]> inputs) {
    Tensor y = layer.output();
    byte[] output = new byte[(int) y.bytes()];
    int run = layer.axis().stride(y) * layer.axis().length(y);
    int at = 0;
    for (int i = 0; i < inputs.size(); i++) {
      int piece = layer.axis().stride(y) * layer.axis().length(layer.inputs().get(i));
      for (int outer = 0; outer < output.length / run; outer++) {
        System.arraycopy(inputs.get(i), outer * piece, output, outer * run + at, piece);
      }
      at += piece;
    }
    return output;
  }

  private static byte[] reduce(LaneLayer.Reduce layer, byte[] input) {
    Tensor x = layer.input();
    Tensor y = layer.output();
    int[] gathered = new int[(int) y.elements()];
    boolean[] begun = new boolean[gathered.length];
    for (int i = 0; i < input.length; i++) {
      int to = 0;
      for (Axis axis : Axis.values()) {
        int place = i / axis.stride(x) % axis.length(x);
        to += layer.axes().contains(axis) ? 0 : place * axis.stride(y);
      }
      int value = input[i] - x.zeroPoint();
      gathered[to] =
          !begun[to]
              ? value
              : switch (layer.kind()) {
                case SUM -> Math.addExact(gathered[to], value);
                case MAXIMUM -> Math.max(gathered[to], value);
                case MINIMUM -> Math.min(gathered[to], value);
              };
      begun[to] = true;
    }
    byte[] output = new byte[gathered.length];
    for (int i = 0; i < output.length; i++) {
      output[i] = code(gathered[i], layer.multiplier(), layer.shift(), y, layer.min(), layer.max());
    }
    return output;
  }

  private static UnaryOperator<byte[]> softmax(LaneLayer.Softmax layer) {
    double scale = layer.input().scale();
    return layer.logarithm()
        ? new IntegerLogSoftmax(scale, layer.output().encoding())::apply
        : new IntegerSoftmax(scale, layer.output().encoding())::apply;
  }

  private static IntegerLayerNorm normalisation(LaneLayer.Normalisation layer) {
    return new IntegerLayerNorm(
        layer.input().encoding(),
        layer.centred(),
        layer.gamma(),
        layer.beta(),
        layer.epsilon(),
        layer.output().encoding());
  }

  private static byte[] rows(Axis axis, Tensor x, byte[] input, UnaryOperator<byte[]> function) {
    byte[] output = new byte[input.length];
    int stride = axis.stride(x);
    byte[] row = new byte[axis.length(x)];
    for (int i = 0; i < input.length; i++) {
      if (i / stride % row.length == 0) {
        for (int j = 0; j < row.length; j++) {
          row[j] = input[i + j * stride];
        }
        byte[] result = function.apply(row);
        for (int j = 0; j < row.length; j++) {
          output[i + j * stride] = result[j];
        }
      }
    }
    return output;
  }

  private static byte code(int x, int multiplier, int shift, Tensor y, int min, int max) {
    long code = (long) FixedPoint.requantise(x, multiplier, shift) + y.zeroPoint();
    return (byte) Math.clamp(code, min, max);
  }
}
