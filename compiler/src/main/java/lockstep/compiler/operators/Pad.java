// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Shape;

/**
 * More elements at the ends of each dimension (fewer where negative): a constant, the nearest, the
 * mirror image without the border, or the other end. Attributes before opset 11, inputs since.
 */
final class Pad implements Rearrangement {
  static final Map<String, Operator> TABLE = Map.of("Pad", new Pad());

  private Pad() {}

  /** Begins of all dimensions, then ends. */
  private static int[] pads(Call call) {
    int rank = call.rank(0);
    long[] given = call.opset() < 11 ? call.integers("pads") : call.integers(1);
    if (given == null) {
      throw new IllegalArgumentException("it has no pads");
    }
    long[] chosen = call.has(3) ? call.integers(3) : LongStream.range(0, rank).toArray();
    int[] axes = Call.axes(chosen, rank);
    Call.requires(given.length == 2 * axes.length, given.length + " pads of " + call.shape(0));
    int[] pads = new int[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      pads[axes[i]] = Math.toIntExact(given[i]);
      pads[axes[i] + rank] = Math.toIntExact(given[i + axes.length]);
    }
    return pads;
  }

  @Override
  public Shape shape(Call call) {
    Shape x = call.shape(0);
    int[] pads = pads(call);
    long[] dims = x.toLongs();
    for (int i = 0; i < dims.length; i++) {
      dims[i] += (long) pads[i] + pads[i + dims.length];
    }
    return Shape.of(dims);
  }

  @Override
  public int[] index(Call call, Shape shape) {
    Shape x = call.shape(0);
    int[] pads = pads(call);
    int[] strides = View.strides(x);
    String mode = call.text("mode", "constant");
    int[] index = new int[(int) shape.elements()];
    int[] walked = View.strides(shape);
    for (int d = 0; d < x.rank(); d++) {
      int[] source = new int[shape.dim(d)];
      Arrays.setAll(source, source.length == 0 ? i -> i : padded(mode, pads[d], x.dim(d)));
      for (int i = 0; i < index.length; i++) {
        int from = source[i / walked[d] % shape.dim(d)];
        index[i] = index[i] < 0 || from < 0 ? -1 : index[i] + from * strides[d];
      }
    }
    return index;
  }

  private static IntUnaryOperator padded(String mode, int begin, int size) {
    return i -> {
      int at = i - begin;
      return switch (mode) {
        case "constant" -> at < 0 || at >= size ? -1 : at;
        case "edge" -> Math.clamp(at, 0, size - 1);
        case "wrap" -> Math.floorMod(at, size);
        case "reflect" -> {
          int period = Math.max(1, 2 * (size - 1));
          int folded = Math.floorMod(at, period);
          yield Math.min(folded, period - folded);
        }
        case String other -> throw new IllegalArgumentException("mode = " + other);
      };
    };
  }

  @Override
  public double fill(Call call) {
    return call.opset() < 11 ? call.real("value", 0) : call.number(2, 0);
  }
}
