// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

/** Element type and shape of a value. */
public record ValueType(ElementType element, Shape shape) {
  public static ValueType floats(int... dims) {
    return new ValueType(ElementType.FLOAT, Shape.of(dims));
  }

  public static ValueType floats(Shape shape) {
    return new ValueType(ElementType.FLOAT, shape);
  }

  @Override
  public String toString() {
    return element.name().toLowerCase(java.util.Locale.ROOT) + "[" + shape + "]";
  }
}
