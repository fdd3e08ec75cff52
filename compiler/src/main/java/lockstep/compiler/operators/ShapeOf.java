// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Shape (from {@code start} to before {@code end}) and Size: results that depend on their input's
 * type alone, whatever its value.
 */
record ShapeOf(boolean whole) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of("Shape", new ShapeOf(true), "Size", new ShapeOf(false));

  @Override
  public List<ValueType> types(Call call) {
    return List.of(evaluate(call).getFirst().type());
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape x = call.shape(0);
    if (!whole) {
      return List.of(
          new Constant.Integers(ElementType.INT64, Shape.SCALAR, new long[] {x.elements()}));
    }
    int start = bound(call.integer("start", 0), x.rank());
    int end = bound(call.integer("end", x.rank()), x.rank());
    long[] dims = Arrays.copyOfRange(x.toLongs(), start, Math.max(start, end));
    return List.of(new Constant.Integers(ElementType.INT64, Shape.of(dims.length), dims));
  }

  private static int bound(long asked, int rank) {
    return Math.clamp(asked < 0 ? asked + rank : asked, 0, rank);
  }
}
