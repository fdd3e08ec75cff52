// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.host;

import lockstep.compiler.graph.Shape;

/** Row-major floats with their shape; the array is shared, not copied. */
public record FloatTensor(Shape shape, float[] values) {
  public FloatTensor {
    if (shape.elements() != values.length) {
      throw new IllegalArgumentException(values.length + " elements for shape " + shape);
    }
  }
}
