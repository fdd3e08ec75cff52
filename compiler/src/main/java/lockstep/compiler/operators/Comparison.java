// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/** Truth values of two operands with broadcasting; with a NaN nothing holds. */
record Comparison(Relation relation) implements Operator {
  interface Relation {
    boolean holds(double a, double b);
  }

  static final Map<String, Operator> TABLE =
      Map.of(
          "Equal", new Comparison((a, b) -> a == b),
          "Greater", new Comparison((a, b) -> a > b),
          "GreaterOrEqual", new Comparison((a, b) -> a >= b),
          "Less", new Comparison((a, b) -> a < b),
          "LessOrEqual", new Comparison((a, b) -> a <= b));

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(call.element(0) == call.element(1), call.element(0) + " with " + call.element(1));
    Shape shape = TypeInference.broadcast(call.shape(0), Binary.aligned(call, 1));
    return List.of(new ValueType(ElementType.BOOL, shape));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    int[] left = View.broadcast(call.shape(0), shape);
    int[] right = View.broadcast(Binary.aligned(call, 1), shape);
    long[] values = new long[left.length];
    if (call.isFloat(0)) {
      float[] a = call.floats(0);
      float[] b = call.floats(1);
      for (int i = 0; i < values.length; i++) {
        values[i] = relation.holds(a[left[i]], b[right[i]]) ? 1 : 0;
      }
    } else {
      long[] a = call.integers(0);
      long[] b = call.integers(1);
      for (int i = 0; i < values.length; i++) {
        values[i] = relation.holds(Long.compare(a[left[i]], b[right[i]]), 0) ? 1 : 0;
      }
    }
    return List.of(new Constant.Integers(ElementType.BOOL, shape, values));
  }
}
