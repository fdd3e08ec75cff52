// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a value's last dimension its dimensions are after reshapes and transpositions.
 *
 * @param dims for each dimension the strips that it counts through, outermost first
 */
record Axes(List<List<Strip>> dims) {

  /**
   * Some consecutive steps through one dimension of the first value.
   *
   * @param dimension of the first value
   * @param stride elements of that dimension from one step to the next
   */
  record Strip(int dimension, int size, int stride) {}

  static Axes of(Shape shape) {
    List<List<Strip>> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      dims.add(List.of(new Strip(i, shape.dim(i), 1)));
    }
    return new Axes(dims);
  }

  Axes transposed(List<Integer> permutation) {
    return new Axes(permutation.stream().map(dims::get).toList());
  }

  /** Null where a dimension would begin within a step. */
  @Nullable Axes reshaped(Shape to) {
    List<Strip> pending = new ArrayList<>();
    dims.forEach(d -> d.stream().filter(s -> s.size() > 1).forEach(pending::add));
    List<List<Strip>> result = new ArrayList<>();
    for (int dim : to.dims()) {
      List<Strip> own = new ArrayList<>();
      int open = dim;
      while (open > 1) {
        if (pending.isEmpty()) {
          return null;
        }
        Strip next = pending.removeFirst();
        if (open % next.size() == 0) {
          own.add(next);
          open /= next.size();
        } else if (next.size() % open == 0) {
          int inner = next.size() / open;
          own.add(new Strip(next.dimension(), open, next.stride() * inner));
          pending.addFirst(new Strip(next.dimension(), inner, next.stride()));
          open = 1;
        } else {
          return null;
        }
      }
      result.add(own);
    }
    return new Axes(result);
  }
}
