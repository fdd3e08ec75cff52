// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/**
 * Row-major tensors read in another order: which element of a source each element of a result is.
 */
final class View {
  private View() {}

  /** Elements to step over for one step along each dimension. */
  static int[] strides(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.dim(i);
    }
    return strides;
  }

  /** {@code offset + sum of index x stride} for every index of {@code out}, row-major. */
  static int[] indices(Shape out, int[] strides, int offset) {
    int[] result = new int[Math.toIntExact(out.elements())];
    int rank = out.rank();
    if (result.length == 0 || rank == 0) {
      Arrays.fill(result, offset);
      return result;
    }
    int inner = out.dim(rank - 1);
    int step = strides[rank - 1];
    int[] at = new int[rank];
    int base = offset;
    for (int i = 0; i < result.length; i += inner) {
      for (int j = 0; j < inner; j++) {
        result[i + j] = base + j * step;
      }
      for (int d = rank - 2; d >= 0; d--) {
        base += strides[d];
        if (++at[d] < out.dim(d)) {
          break;
        }
        base -= at[d] * strides[d];
        at[d] = 0;
      }
    }
    return result;
  }

  /** Strides with which a tensor of shape {@code from} broadcasts to {@code to}. */
  static int[] broadcastStrides(Shape from, Shape to) {
    int[] own = strides(from);
    int[] result = new int[to.rank()];
    for (int i = 0; i < own.length; i++) {
      int d = i + to.rank() - own.length;
      Call.requires(
          d >= 0 && (from.dim(i) == 1 || from.dim(i) == to.dim(d)),
          from + " does not broadcast to " + to);
      result[d] = from.dim(i) == 1 ? 0 : own[i];
    }
    return result;
  }

  static int[] broadcast(Shape from, Shape to) {
    return indices(to, broadcastStrides(from, to), 0);
  }

  /** The elements at {@code index}; zero where it is -1. */
  static Constant take(Constant source, Shape shape, int[] index) {
    return take(source, shape, index, 0);
  }

  /** The elements at {@code index}; {@code fill} where it is -1. */
  static Constant take(Constant source, Shape shape, int[] index, double fill) {
    if (source instanceof Constant.Integers integers) {
      long[] values = new long[index.length];
      for (int i = 0; i < index.length; i++) {
        values[i] = index[i] < 0 ? (long) fill : integers.values()[index[i]];
      }
      return new Constant.Integers(integers.element(), shape, values);
    }
    float[] from = source.floats();
    float[] values = new float[index.length];
    for (int i = 0; i < index.length; i++) {
      values[i] = index[i] < 0 ? (float) fill : from[index[i]];
    }
    return new Constant.Floats(shape, values);
  }

  static double[] doubles(Constant constant) {
    if (constant instanceof Constant.Integers integers) {
      return Arrays.stream(integers.values()).asDoubleStream().toArray();
    }
    float[] floats = constant.floats();
    double[] values = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  static Constant.Floats floats(Shape shape, double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Constant.Floats(shape, floats);
  }

  /** Integers reduced to what their element type can hold. */
  static Constant.Integers integers(ElementType element, Shape shape, long[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = wrap(element, values[i]);
    }
    return new Constant.Integers(element, shape, values);
  }

  static long wrap(ElementType element, long value) {
    return switch (element) {
      case INT64 -> value;
      case INT32 -> (int) value;
      case INT8 -> (byte) value;
      case UINT8 -> value & 0xff;
      case INT16 -> (short) value;
      case UINT16 -> value & 0xffff;
      case BOOL -> value == 0 ? 0 : 1;
      case FLOAT -> throw new IllegalArgumentException("integers of type FLOAT");
    };
  }
}
