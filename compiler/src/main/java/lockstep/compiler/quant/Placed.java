// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import java.util.BitSet;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where a value's elements are: element i, in row-major order, is the tensor's element {@code
 * order[i]}. Moves of data are kept so until something needs the elements in a place of their own;
 * what turns round and back never moves.
 *
 * @param order null for the tensor's own order
 */
record Placed(Tensor tensor, int @Nullable [] order) {

  static Placed whole(Tensor tensor) {
    return new Placed(tensor, null);
  }

  /** A value that is some of this one's elements. */
  Placed then(int @Nullable [] index) {
    if (index == null) {
      return this;
    }
    if (order == null) {
      return of(tensor, index);
    }
    int[] composed = new int[index.length];
    for (int i = 0; i < composed.length; i++) {
      composed[i] = order[index[i]];
    }
    return of(tensor, composed);
  }

  /** The same with null for the tensor's own order. */
  static Placed of(Tensor tensor, int[] order) {
    if (order.length != tensor.elements()) {
      return new Placed(tensor, order);
    }
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return new Placed(tensor, order);
      }
    }
    return whole(tensor);
  }

  /** The place of element {@code i}. */
  int at(int i) {
    return order == null ? i : order[i];
  }

  /** Whether the value has each of the tensor's elements once. */
  boolean permutes() {
    if (order == null) {
      return true;
    }
    BitSet seen = new BitSet(order.length);
    for (int at : order) {
      seen.set(at);
    }
    return order.length == tensor.elements() && seen.cardinality() == order.length;
  }

  /** Which of the value's elements each of the tensor's is, if it {@link #permutes}. */
  int[] inverse() {
    int[] inverse = new int[Math.toIntExact(tensor.elements())];
    Arrays.setAll(inverse, i -> i);
    for (int i = 0; order != null && i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }

  /** Whether another value's elements lie as this one's, in a tensor of the same shape. */
  boolean like(Placed other) {
    Tensor a = tensor;
    Tensor b = other.tensor;
    return a.n() == b.n()
        && a.c() == b.c()
        && a.h() == b.h()
        && a.w() == b.w()
        && Arrays.equals(order, other.order);
  }
}
