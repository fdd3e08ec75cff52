// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/**
 * Scales and zero points of a tensor: one for all, one along an axis, or one for each block of an
 * axis (opset 21).
 *
 * @param index for each element of the tensor, which scale it has
 */
record Scales(float[] scales, long[] zeros, int[] index) {

  static Scales of(Call call, Shape shape, int scale, int zero) {
    float[] scales = call.floats(scale);
    long[] zeros = call.has(zero) ? zeros(call.value(zero)) : new long[scales.length];
    Call.requires(zeros.length == scales.length, "scales and zero points differ in number");
    int[] index = new int[(int) shape.elements()];
    if (scales.length > 1 || call.rank(scale) > 1) {
      int axis = Call.axis(call.integer("axis", 1), shape.rank());
      int block = call.small("block_size", 0);
      Shape blocks = call.shape(scale);
      boolean blocked = block > 0 && blocks.rank() == shape.rank();
      Call.requires(
          blocked || scales.length == shape.dim(axis), scales.length + " scales of " + shape);
      Lanes lanes = Lanes.along(shape, axis);
      for (int i = 0; i < index.length; i++) {
        int at = i / lanes.inner() % lanes.length();
        index[i] =
            blocked
                ? (i / lanes.inner() / lanes.length() * blocks.dim(axis) + at / block)
                        * lanes.inner()
                    + i % lanes.inner()
                : at;
      }
    }
    return new Scales(scales, zeros, index);
  }

  private static long[] zeros(Constant zero) {
    if (zero instanceof Constant.Integers integers) {
      return integers.values();
    }
    throw new IllegalArgumentException("a zero point of " + zero.element());
  }

  /** The nearest code, half to even, of the quotient in single precision; saturated. */
  long quantise(float x, int at, ElementType element) {
    return saturated(element, Math.rint(x / scales[index[at]]) + zeros[index[at]]);
  }

  static long saturated(ElementType element, double value) {
    return switch (element) {
      case UINT8 -> (long) Math.clamp(value, 0, 255);
      case INT8 -> (long) Math.clamp(value, -128, 127);
      case UINT16 -> (long) Math.clamp(value, 0, 65_535);
      case INT16 -> (long) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case FLOAT, INT32, INT64, BOOL ->
          throw new IllegalArgumentException("codes of type " + element);
    };
  }

  float dequantise(long code, int at) {
    return (code - zeros[index[at]]) * scales[index[at]];
  }
}
