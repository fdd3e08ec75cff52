// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import lockstep.compiler.graph.Shape;

/**
 * A tensor as lines along one axis: element {@code i} of the line ({@code o}, {@code n}) is at
 * {@code (o * length + i) * inner + n}.
 */
record Lanes(int outer, int length, int inner) {

  static Lanes along(Shape shape, int axis) {
    return new Lanes(
        (int) shape.product(0, axis), shape.dim(axis), (int) shape.product(axis + 1, shape.rank()));
  }

  interface Line {
    /** A line starts at {@code start} and its elements are {@code step} apart. */
    void visit(int start, int step);
  }

  void forEach(Line line) {
    for (int o = 0; o < outer; o++) {
      for (int n = 0; n < inner; n++) {
        line.visit(o * length * inner + n, inner);
      }
    }
  }
}
