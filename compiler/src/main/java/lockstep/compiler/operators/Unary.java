// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A function of each element by itself; the result has the input's type.
 *
 * @param real the function on floats, given the attributes, or null where there is none
 * @param whole the function on integers, or null where there is none
 */
record Unary(@Nullable Function<Call, DoubleUnaryOperator> real, @Nullable LongUnaryOperator whole)
    implements Operator {

  static Unary of(DoubleUnaryOperator real) {
    return new Unary(_ -> real, null);
  }

  static Unary of(DoubleUnaryOperator real, LongUnaryOperator whole) {
    return new Unary(_ -> real, whole);
  }

  static Unary with(Function<Call, DoubleUnaryOperator> real) {
    return new Unary(real, null);
  }

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(
        call.isFloat(0) ? real != null : whole != null,
        call.type() + " is not defined on " + call.element(0));
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    if (whole != null && call.value(0) instanceof Constant.Integers integers) {
      long[] values = integers.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = whole.applyAsLong(values[i]);
      }
      return List.of(View.integers(type.element(), type.shape(), values));
    }
    DoubleUnaryOperator function = Objects.requireNonNull(real).apply(call);
    float[] values = call.floats(0).clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) function.applyAsDouble(values[i]);
    }
    return List.of(new Constant.Floats(type.shape(), values));
  }
}
