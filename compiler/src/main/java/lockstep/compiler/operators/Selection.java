// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** Slices kept by a condition, and sequences of a batch turned round up to their own length. */
record Selection(Function<Call, Shape> rule, BiFunction<Call, Shape, int[]> places)
    implements Rearrangement {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Compress", new Selection(Selection::kept, Selection::compressed),
          "ReverseSequence", new Selection(Selection::sequences, Selection::reversed));

  @Override
  public Shape shape(Call call) {
    return rule.apply(call);
  }

  @Override
  public int[] index(Call call, Shape shape) {
    return places.apply(call, shape);
  }

  /** The tensor as lines along the axis; without one it is flat. */
  private static Lanes lanes(Call call) {
    Shape x = call.shape(0);
    return call.attributes().containsKey("axis")
        ? Lanes.along(x, Call.axis(call.integer("axis", 0), x.rank()))
        : new Lanes(1, (int) x.elements(), 1);
  }

  private static int[] chosen(Call call) {
    Call.requires(call.element(1) == ElementType.BOOL, "a condition of " + call.element(1));
    long[] condition = call.integers(1);
    int end = Math.min(condition.length, lanes(call).length());
    return IntStream.range(0, end).filter(i -> condition[i] != 0).toArray();
  }

  private static Shape kept(Call call) {
    int count = chosen(call).length;
    return call.attributes().containsKey("axis")
        ? call.shape(0).with(Call.axis(call.integer("axis", 0), call.rank(0)), count)
        : Shape.of(count);
  }

  private static int[] compressed(Call call, Shape shape) {
    Lanes lanes = lanes(call);
    int[] chosen = chosen(call);
    int[] index = new int[(int) shape.elements()];
    for (int i = 0; i < index.length; i++) {
      int line = i / lanes.inner() / chosen.length;
      int at = chosen[i / lanes.inner() % chosen.length];
      index[i] = (line * lanes.length() + at) * lanes.inner() + i % lanes.inner();
    }
    return index;
  }

  private static Shape sequences(Call call) {
    int time = call.small("time_axis", 0);
    int batch = call.small("batch_axis", 1);
    Call.requires(
        call.rank(0) >= 2
            && Math.min(time, batch) == 0
            && Math.max(time, batch) == 1
            && call.shape(1).equals(Shape.of(call.shape(0).dim(batch))),
        "sequences " + call.shape(0) + " of lengths " + call.shape(1));
    return call.shape(0);
  }

  private static int[] reversed(Call call, Shape shape) {
    int time = call.small("time_axis", 0);
    int[] strides = View.strides(shape);
    long[] lengths = call.integers(1);
    int[] index = new int[(int) shape.elements()];
    for (int i = 0; i < index.length; i++) {
      int step = i / strides[time] % shape.dim(time);
      int length = Math.toIntExact(lengths[i / strides[1 - time] % shape.dim(1 - time)]);
      Call.requires(length >= 0 && length <= shape.dim(time), "a length of " + length);
      index[i] = i + (step < length ? length - 1 - 2 * step : 0) * strides[time];
    }
    return index;
  }
}
