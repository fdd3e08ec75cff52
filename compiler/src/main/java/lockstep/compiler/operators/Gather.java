// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import lockstep.compiler.graph.Shape;

/** Elements or slices at given indices; negative ones count from the end. */
record Gather(Function<Call, Shape> rule, BiFunction<Call, Shape, int[]> places)
    implements Rearrangement {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Gather", new Gather(Gather::slicesShape, Gather::slices),
          "GatherElements", new Gather(c -> c.shape(1), Gather::elements),
          "GatherND", new Gather(Gather::tuplesShape, Gather::tuples));

  @Override
  public Shape shape(Call call) {
    return rule.apply(call);
  }

  @Override
  public int[] index(Call call, Shape shape) {
    return places.apply(call, shape);
  }

  private static int axis(Call call) {
    return Call.axis(call.integer("axis", 0), call.rank(0));
  }

  private static Shape slicesShape(Call call) {
    int axis = axis(call);
    List<Integer> dims = new ArrayList<>(call.shape(0).dims().subList(0, axis));
    dims.addAll(call.shape(1).dims());
    dims.addAll(call.shape(0).dims().subList(axis + 1, call.rank(0)));
    return new Shape(dims);
  }

  private static int[] slices(Call call, Shape shape) {
    Lanes lanes = Lanes.along(call.shape(0), axis(call));
    long[] chosen = call.integers(1);
    int[] index = new int[(int) shape.elements()];
    int at = 0;
    for (int o = 0; o < lanes.outer(); o++) {
      for (long asked : chosen) {
        int start = (o * lanes.length() + Call.axis(asked, lanes.length())) * lanes.inner();
        for (int n = 0; n < lanes.inner(); n++) {
          index[at++] = start + n;
        }
      }
    }
    return index;
  }

  private static int[] elements(Call call, Shape shape) {
    return along(call, axis(call), shape, call.integers(1));
  }

  /** Places in the first input that differ from those of {@code shape} along one axis. */
  static int[] along(Call call, int axis, Shape shape, long[] chosen) {
    int[] strides = View.strides(call.shape(0));
    int step = strides[axis];
    strides[axis] = 0;
    int[] index = View.indices(shape, strides, 0);
    for (int i = 0; i < index.length; i++) {
      index[i] += Call.axis(chosen[i], call.shape(0).dim(axis)) * step;
    }
    return index;
  }

  private static Shape tuplesShape(Call call) {
    int batch = call.small("batch_dims", 0);
    int length = call.shape(1).dim(-1);
    List<Integer> dims = new ArrayList<>(call.shape(1).dims().subList(0, call.rank(1) - 1));
    dims.addAll(call.shape(0).dims().subList(batch + length, call.rank(0)));
    return new Shape(dims);
  }

  private static int[] tuples(Call call, Shape shape) {
    int batch = call.small("batch_dims", 0);
    int[] starts = starts(call, batch, call.shape(1), call.integers(1));
    int slice = (int) call.shape(0).product(batch + call.shape(1).dim(-1), call.rank(0));
    int[] index = new int[(int) shape.elements()];
    for (int i = 0; i < index.length; i++) {
      index[i] = starts[i / slice] + i % slice;
    }
    return index;
  }

  /** Where the slices of the first input begin that tuples of indices name. */
  static int[] starts(Call call, int batch, Shape tuples, long[] chosen) {
    Shape x = call.shape(0);
    int[] strides = View.strides(x);
    int length = tuples.dim(-1);
    int perBatch = (int) tuples.product(batch, tuples.rank() - 1);
    int batchSize = (int) x.product(batch, x.rank());
    int[] starts = new int[length == 0 ? 0 : chosen.length / length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i / Math.max(1, perBatch) * batchSize;
      for (int d = 0; d < length; d++) {
        int place = Call.axis(chosen[i * length + d], x.dim(batch + d));
        starts[i] += place * strides[batch + d];
      }
    }
    return starts;
  }
}
