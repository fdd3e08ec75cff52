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
 * Another element type: floats lose their fraction, integers wrap, and what is not zero is true.
 *
 * @param like whether the second input's element type is meant instead of {@code to}
 */
record Cast(boolean like) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of("Cast", new Cast(false), "CastLike", new Cast(true));

  @Override
  public List<ValueType> types(Call call) {
    ElementType to = like ? call.element(1) : element(call.integer("to", 0));
    return List.of(new ValueType(to, call.shape(0)));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    if (type.element() == call.element(0)) {
      return List.of(call.value(0));
    }
    if (call.value(0) instanceof Constant.Integers x && type.element() != ElementType.FLOAT) {
      return List.of(View.integers(type.element(), type.shape(), x.values().clone()));
    }
    return List.of(to(type.element(), type.shape(), View.doubles(call.value(0))));
  }

  static Constant to(ElementType element, Shape shape, double[] values) {
    return switch (element) {
      case FLOAT -> View.floats(shape, values);
      case BOOL ->
          new Constant.Integers(
              element, shape, Arrays.stream(values).mapToLong(v -> v == 0 ? 0 : 1).toArray());
      case INT8, UINT8, INT16, UINT16, INT32, INT64 ->
          View.integers(element, shape, Arrays.stream(values).mapToLong(v -> (long) v).toArray());
    };
  }

  /** The type with ONNX's number. */
  static ElementType element(long number) {
    return Arrays.stream(ElementType.values())
        .filter(e -> e.onnxNumber() == number)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("element type number " + number + " is not known"));
  }
}
