// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** The same elements in another order or place. */
final class MovementSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          MovementSteps::transpose,
          MovementSteps::transpose,
          MovementSteps::reshape,
          MovementSteps::computedReshape,
          MovementSteps::flatten,
          MovementSteps::unsqueeze,
          MovementSteps::squeeze,
          MovementSteps::expand,
          MovementSteps::tile,
          MovementSteps::slice,
          MovementSteps::slice,
          MovementSteps::split,
          MovementSteps::split,
          MovementSteps::concat,
          MovementSteps::concat,
          MovementSteps::gather);

  private MovementSteps() {}

  private static void transpose(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    int rank = draft.shape(x).rank();
    if (rank == 4 && draft.random.nextBoolean()) {
      boolean last = draft.random.nextBoolean();
      int[] order = last ? new int[] {0, 2, 3, 1} : new int[] {0, 3, 1, 2};
      draft.add("Transpose", Attributes.of("perm", order).map(), x);
      return;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(i);
    }
    for (int i = rank - 1; i > 0; i--) {
      Collections.swap(order, i, draft.random.nextInt(i + 1));
    }
    int[] permutation = order.stream().mapToInt(Integer::intValue).toArray();
    draft.add("Transpose", Attributes.of("perm", permutation).map(), x);
  }

  private static void reshape(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    Shape shape = draft.shape(x);
    int axis = draft.random.nextInt(shape.rank() - 1);
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      dims.add((long) shape.dim(i));
    }
    if (draft.random.nextBoolean()) {
      dims.set(axis, dims.get(axis) * dims.remove(axis + 1));
    } else {
      int size = shape.dim(axis + 1);
      int part = draft.upTo(size);
      while (size % part != 0) {
        part--;
      }
      dims.set(axis + 1, (long) size / part);
      dims.add(axis + 1, (long) part);
    }
    if (draft.once(3)) {
      dims.set(draft.random.nextInt(dims.size()), -1L);
    }
    String sizes = draft.longs(dims.stream().mapToLong(Long::longValue).toArray());
    draft.add("Reshape", Attributes.NONE, x, sizes);
  }

  /** As exporters flatten: the batch's size is looked up, the rest is -1. */
  private static void computedReshape(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    String sizes = draft.add("Shape", Attributes.NONE, x);
    String first = draft.add("Gather", Attributes.NONE, sizes, draft.longs(0));
    String wanted = draft.add("Concat", Attributes.integer("axis", 0), first, draft.longs(-1));
    draft.add("Reshape", Attributes.NONE, x, wanted);
  }

  private static void flatten(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    draft.add("Flatten", Attributes.integer("axis", draft.upTo(draft.shape(x).rank() - 1)), x);
  }

  private static void unsqueeze(Draft draft) {
    String x = draft.value(s -> s.rank() < 4);
    String axis = draft.longs(draft.random.nextInt(draft.shape(x).rank() + 1));
    draft.add("Unsqueeze", Attributes.NONE, x, axis);
  }

  private static void squeeze(Draft draft) {
    String x = draft.value(s -> s.rank() > 2 && s.dims().contains(1));
    draft.add("Squeeze", Attributes.NONE, x, draft.longs(draft.shape(x).dims().indexOf(1)));
  }

  private static void expand(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1);
    long[] sizes = draft.shape(x).toLongs();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 1 && draft.random.nextBoolean()) {
        sizes[i] = draft.upTo(4);
      }
    }
    draft.add("Expand", Attributes.NONE, x, draft.longs(sizes));
  }

  private static void tile(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1);
    long[] times = new long[draft.shape(x).rank()];
    Arrays.fill(times, 1);
    times[draft.random.nextInt(times.length)] = 2;
    draft.add("Tile", Attributes.NONE, x, draft.longs(times));
  }

  private static void slice(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1 && s.elements() > 1);
    Shape shape = draft.shape(x);
    int axis = draft.random.nextInt(shape.rank());
    int size = shape.dim(axis);
    int from = draft.random.nextInt(size);
    boolean backwards = draft.once(6);
    String starts = draft.longs(backwards ? size - 1 : from);
    String ends = draft.longs(backwards ? Long.MIN_VALUE : from + draft.upTo(size - from));
    String steps = draft.longs(backwards ? -1 : draft.once(4) ? 2 : 1);
    draft.add("Slice", Attributes.NONE, x, starts, ends, draft.longs(axis), steps);
  }

  /** Parts of a dimension, of which some may stay unread. */
  private static void split(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1 && s.elements() > 1);
    Shape shape = draft.shape(x);
    int axis = draft.once(3) ? draft.random.nextInt(shape.rank()) : Math.min(1, shape.rank() - 1);
    int size = shape.dim(axis);
    Draft.require(size > 1, "nothing to split");
    if (size % 3 == 0 && draft.random.nextBoolean()) {
      String sizes = draft.longs(size / 3, size / 3, size / 3);
      draft.add("Split", Attributes.integer("axis", axis), 3, x, sizes);
    } else {
      int first = draft.upTo(size - 1);
      String sizes = draft.longs(first, size - first);
      draft.add("Split", Attributes.integer("axis", axis), 2, x, sizes);
    }
  }

  private static void concat(Draft draft) {
    String x = draft.value(s -> s.rank() >= 1);
    Shape shape = draft.shape(x);
    int axis = draft.once(3) ? draft.random.nextInt(shape.rank()) : Math.min(1, shape.rank() - 1);
    List<String> parts = new ArrayList<>(List.of(x));
    for (int i = draft.upTo(3); i > 0; i--) {
      parts.add(
          draft.value(
              s -> s.rank() == shape.rank() && s.with(axis, 1).equals(shape.with(axis, 1))));
    }
    draft.add("Concat", Attributes.integer("axis", axis), parts.toArray(String[]::new));
  }

  private static void gather(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2);
    int axis = draft.random.nextInt(draft.shape(x).rank());
    int size = draft.shape(x).dim(axis);
    if (draft.random.nextBoolean()) {
      long[] index = {draft.random.nextInt(size)};
      String one = draft.constant(new Constant.Integers(ElementType.INT64, Shape.SCALAR, index));
      draft.add("Gather", Attributes.integer("axis", axis), x, one);
    } else {
      long[] indices = draft.random.longs(draft.upTo(size), -size, size).toArray();
      draft.add("Gather", Attributes.integer("axis", axis), x, draft.longs(indices));
    }
  }
}
