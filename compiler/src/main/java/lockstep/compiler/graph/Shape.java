// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor's dimensions, outermost first; none for a scalar. Dimensions are not negative and their
 * product is below 2^31.
 */
public record Shape(List<Integer> dims) {
  public static final Shape SCALAR = of();

  public Shape {
    dims = List.copyOf(dims);
    long elements = 1;
    for (int dim : dims) {
      elements *= dim;
      if (dim < 0 || elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("impossible dimensions " + dims);
      }
    }
  }

  public static Shape of(int... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  public static Shape of(long[] dims) {
    if (Arrays.stream(dims).anyMatch(d -> d > Integer.MAX_VALUE || d < 0)) {
      throw new IllegalArgumentException("impossible dimensions " + Arrays.toString(dims));
    }
    return new Shape(Arrays.stream(dims).mapToObj(d -> (int) d).toList());
  }

  public int rank() {
    return dims.size();
  }

  /** The dimension at {@code axis}; a negative axis counts from the end. */
  public int dim(int axis) {
    return dims.get(axis < 0 ? axis + rank() : axis);
  }

  public long elements() {
    return product(0, rank());
  }

  /** Product of the dimensions from {@code from} (inclusive) to {@code to} (exclusive). */
  public long product(int from, int to) {
    long product = 1;
    for (int dim : dims.subList(from, to)) {
      product *= dim;
    }
    return product;
  }

  public Shape with(int axis, int dim) {
    List<Integer> changed = new ArrayList<>(dims);
    changed.set(axis, dim);
    return new Shape(changed);
  }

  public Shape permuted(List<Integer> permutation) {
    return new Shape(permutation.stream().map(dims::get).toList());
  }

  public long[] toLongs() {
    return dims.stream().mapToLong(Integer::longValue).toArray();
  }

  @Override
  public String toString() {
    return dims.isEmpty()
        ? "scalar"
        : dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
