// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A tensor's dimensions, outermost first; none for a scalar. Dimensions are not negative. */
public record Shape(List<Integer> dims) {
  public static final Shape SCALAR = of();

  public Shape {
    dims = List.copyOf(dims);
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in " + dims);
      }
    }
  }

  public static Shape of(int... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  public static Shape of(long[] dims) {
    return new Shape(Arrays.stream(dims).mapToObj(Math::toIntExact).toList());
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
      product = Math.multiplyExact(product, (long) dim);
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
