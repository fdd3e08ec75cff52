// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The axes of a tensor that are some dimensions of the value which lies in it.
 *
 * <pre>
 * value 1 x 37 x 192, its last dimension, transposed from tensor 1 x 192 x 1 x 37: axis C
 * </pre>
 *
 * @param axes in the order of the enum
 * @param groups per element of the tensor, which combination of the value's other dimensions it
 *     belongs to
 * @param places per element of the tensor, where it is among the elements of its group
 */
record BaseAxes(List<Axis> axes, int[] groups, int[] places) {

  /**
   * @param chosen per dimension of the value
   * @return null if no axes are just these dimensions
   */
  static @Nullable BaseAxes of(Placed placed, Shape shape, boolean[] chosen) {
    if (!placed.permutes()) {
      return null;
    }
    int[] groups = numbers(shape, chosen, false, placed.inverse());
    int[] places = numbers(shape, chosen, true, placed.inverse());
    Tensor t = placed.tensor();
    List<Axis> axes = new ArrayList<>();
    long kept = 1;
    for (Axis axis : Axis.values()) {
      if (axis.length(t) > 1 && groups[axis.stride(t)] == groups[0]) {
        axes.add(axis);
      } else {
        kept *= axis.length(t);
      }
    }
    int count = Arrays.stream(groups).max().orElse(0) + 1;
    BaseAxes found = new BaseAxes(axes, groups, places);
    return kept == count && found.holds(t) ? found : null;
  }

  /** Whether an element's group does not depend on the axes, nor its place on the others. */
  private boolean holds(Tensor t) {
    for (int i = 0; i < groups.length; i++) {
      int at = origin(t, i);
      if (groups[i] != groups[at] || places[i] != places[i - at]) {
        return false;
      }
    }
    return true;
  }

  /** The element at the beginning of the axes. */
  int origin(Tensor t, int element) {
    int at = element;
    for (Axis axis : axes) {
      at -= element / axis.stride(t) % axis.length(t) * axis.stride(t);
    }
    return at;
  }

  /** Row-major numbers among the dimensions that are chosen, or are not, by element. */
  private static int[] numbers(Shape shape, boolean[] chosen, boolean which, int[] inverse) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      if (chosen[d] == which) {
        strides[d] = stride;
        stride *= shape.dim(d);
      }
    }
    int[] numbers = new int[inverse.length];
    for (int i = 0; i < numbers.length; i++) {
      int rest = inverse[i];
      for (int d = strides.length - 1; d >= 0; d--) {
        numbers[i] += rest % shape.dim(d) * strides[d];
        rest /= shape.dim(d);
      }
    }
    return numbers;
  }
}
