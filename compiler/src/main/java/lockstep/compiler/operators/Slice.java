// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Map;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Every {@code step}-th index from {@code start} to before {@code end} along some axes, negative
 * ones counted from the end, all clamped to what there is. Attributes before opset 10, inputs
 * since.
 */
final class Slice implements Rearrangement {
  static final Map<String, Operator> TABLE = Map.of("Slice", new Slice());

  private Slice() {}

  /** First index, step and number of indices of one dimension. */
  private record Range(int start, int step, int count) {}

  private static Range[] ranges(Call call) {
    Shape x = call.shape(0);
    long[] starts = present(call.integers("starts", 1));
    long[] ends = present(call.integers("ends", 2));
    long[] axes = call.integers("axes", 3);
    long[] steps = call.opset() < 10 ? null : call.integers("steps", 4);
    if (axes == null) {
      axes = LongStream.range(0, starts.length).toArray();
    }
    Call.requires(
        ends.length == starts.length
            && axes.length == starts.length
            && (steps == null || steps.length == starts.length),
        "starts, ends, axes and steps differ in number");
    Range[] ranges = new Range[x.rank()];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = new Range(0, 1, x.dim(i));
    }
    for (int i = 0; i < starts.length; i++) {
      int axis = Call.axis(axes[i], x.rank());
      ranges[axis] = range(starts[i], ends[i], steps == null ? 1 : steps[i], x.dim(axis));
    }
    return ranges;
  }

  private static long[] present(long @Nullable [] given) {
    if (given == null) {
      throw new IllegalArgumentException("its starts or ends are missing");
    }
    return given;
  }

  private static Range range(long start, long end, long step, int size) {
    Call.requires(step != 0, "a step of 0");
    long first = start < 0 ? start + size : start;
    long last = end < 0 ? end + size : end;
    long bounded = Math.clamp(step, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    long from = step > 0 ? Math.clamp(first, 0, size) : Math.clamp(first, -1, size - 1L);
    long to = step > 0 ? Math.clamp(last, 0, size) : Math.clamp(last, -1, size - 1L);
    long count = Math.max(0, Math.ceilDiv(to - from, bounded));
    return new Range((int) from, (int) bounded, (int) count);
  }

  @Override
  public Shape shape(Call call) {
    Range[] ranges = ranges(call);
    int[] dims = new int[ranges.length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = ranges[i].count();
    }
    return Shape.of(dims);
  }

  @Override
  public int[] index(Call call, Shape shape) {
    Range[] ranges = ranges(call);
    int[] strides = View.strides(call.shape(0));
    int offset = 0;
    for (int i = 0; i < strides.length; i++) {
      offset += ranges[i].start() * strides[i];
      strides[i] *= ranges[i].count() > 1 ? ranges[i].step() : 0;
    }
    return View.indices(shape, strides, offset);
  }
}
