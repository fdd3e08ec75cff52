// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Tensors one after another along an axis. */
final class Concat implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Concat", new Concat());

  private Concat() {}

  private static int axis(Call call) {
    return Call.axis(call.integer("axis", 1), call.rank(0));
  }

  @Override
  public List<ValueType> types(Call call) {
    int axis = axis(call);
    Shape first = call.shape(0);
    int sum = 0;
    for (int i = 0; i < call.inputs(); i++) {
      Call.requires(
          call.rank(i) == first.rank()
              && call.shape(i).with(axis, 0).equals(first.with(axis, 0))
              && call.element(i) == call.element(0),
          "Concat of " + call.input(0) + " and " + call.input(i));
      sum += call.shape(i).dim(axis);
    }
    return List.of(new ValueType(call.element(0), first.with(axis, sum)));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    int axis = axis(call);
    int outer = (int) type.shape().product(0, axis);
    int count = (int) type.shape().elements();
    boolean real = call.isFloat(0);
    float[] floats = new float[real ? count : 0];
    long[] integers = new long[real ? 0 : count];
    int line = outer == 0 ? 0 : count / outer;
    int at = 0;
    for (int i = 0; i < call.inputs(); i++) {
      int length = outer == 0 ? 0 : (int) call.shape(i).elements() / outer;
      Object from = real ? call.floats(i) : call.integers(i);
      for (int o = 0; o < outer; o++) {
        System.arraycopy(from, o * length, real ? floats : integers, o * line + at, length);
      }
      at += length;
    }
    return List.of(
        real
            ? new Constant.Floats(type.shape(), floats)
            : new Constant.Integers(type.element(), type.shape(), integers));
  }
}
