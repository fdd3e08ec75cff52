// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A function of two elements, with broadcasting from the end; before opset 7 the second operand may
 * be aligned at an {@code axis} instead. More than two inputs are taken from left to right.
 *
 * @param real the function on floats, or null where there is none
 * @param whole the function on integers and truth values, or null where there is none
 */
record Binary(@Nullable DoubleBinaryOperator real, @Nullable LongBinaryOperator whole)
    implements Operator {
  private static final Set<String> ANY_NUMBER = Set.of("Max", "Mean", "Min", "Sum");

  @Override
  public List<ValueType> types(Call call) {
    Shape shape = call.shape(0);
    ElementType element = call.element(0);
    Call.requires(
        call.inputs() == 2 || ANY_NUMBER.contains(call.type()), call.inputs() + " operands");
    Call.requires(
        element == ElementType.FLOAT ? real != null : whole != null,
        call.type() + " is not defined on " + element);
    for (int i = 1; i < call.inputs(); i++) {
      shape = TypeInference.broadcast(shape, aligned(call, i));
      Call.requires(call.element(i) == element, element + " with " + call.element(i));
    }
    return List.of(new ValueType(element, shape));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    types(call);
    Constant result = call.value(0);
    for (int i = 1; i < call.inputs(); i++) {
      result = combined(result, call.value(i).reshaped(aligned(call, i)));
    }
    return List.of(result);
  }

  /** The shape with which an operand broadcasts from the end. */
  static Shape aligned(Call call, int input) {
    Shape shape = call.shape(input);
    boolean slope = call.type().equals("PRelu") && call.opset() < 7 && shape.rank() == 1;
    long axis = call.integer("axis", slope && shape.elements() > 1 ? 1 : -1);
    int trailing = call.rank(0) - (int) axis - shape.rank();
    if (input == 0 || axis < 0 || trailing <= 0) {
      return shape;
    }
    List<Integer> dims = new ArrayList<>(shape.dims());
    dims.addAll(Collections.nCopies(trailing, 1));
    return new Shape(dims);
  }

  private Constant combined(Constant a, Constant b) {
    Shape shape = TypeInference.broadcast(a.shape(), b.shape());
    if (whole != null && a instanceof Constant.Integers x && b instanceof Constant.Integers y) {
      int[] left = View.broadcast(a.shape(), shape);
      int[] right = View.broadcast(b.shape(), shape);
      long[] values = new long[left.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = whole.applyAsLong(x.values()[left[i]], y.values()[right[i]]);
      }
      return View.integers(x.element(), shape, values);
    }
    return new Constant.Floats(shape, floats(Objects.requireNonNull(real), a, b, shape));
  }

  private static float[] floats(DoubleBinaryOperator real, Constant a, Constant b, Shape shape) {
    float[] x = a.floats();
    float[] y = b.floats();
    float[] values = new float[Math.toIntExact(shape.elements())];
    if (a.shape().equals(b.shape())) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) real.applyAsDouble(x[i], y[i]);
      }
      return values;
    }
    int[] left = View.broadcast(a.shape(), shape);
    int[] right = View.broadcast(b.shape(), shape);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) real.applyAsDouble(x[left[i]], y[right[i]]);
    }
    return values;
  }
}
