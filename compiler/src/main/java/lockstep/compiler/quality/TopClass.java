// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quality;

import java.util.ArrayList;
import java.util.List;
import lockstep.compiler.graph.Shape;

/**
 * The index of the greatest element of each sample, of equal ones the first. Classes are along
 * dimension 1, in outputs of rank 3 (batch, position, class) along the last; every other index is a
 * sample. Without dimension 1 all elements are classes of one sample.
 */
final class TopClass {
  private TopClass() {}

  static List<Integer> of(Shape shape, float[] values) {
    int axis = shape.rank() < 2 ? 0 : shape.rank() == 3 ? 2 : 1;
    int classes = shape.rank() == 0 ? 1 : shape.dim(axis);
    int inner = shape.rank() < 2 ? 1 : Math.toIntExact(shape.product(axis + 1, shape.rank()));
    List<Integer> tops = new ArrayList<>();
    for (int outer = 0; outer < values.length / (classes * inner); outer++) {
      for (int i = 0; i < inner; i++) {
        int first = outer * classes * inner + i;
        int top = 0;
        for (int c = 1; c < classes; c++) {
          top = values[first + c * inner] > values[first + top * inner] ? c : top;
        }
        tops.add(top);
      }
    }
    return tops;
  }
}
