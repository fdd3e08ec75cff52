// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;

/** Bounds as attributes before opset 11, as inputs since. */
final class Clip implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Clip", new Clip());

  private Clip() {}

  @Override
  public List<ValueType> types(Call call) {
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    if (call.value(0) instanceof Constant.Integers x) {
      long min = call.has(1) ? call.integers(1)[0] : Long.MIN_VALUE;
      long max = call.has(2) ? call.integers(2)[0] : Long.MAX_VALUE;
      return List.of(
          new Constant.Integers(
              x.element(),
              x.shape(),
              Arrays.stream(x.values()).map(v -> Math.min(Math.max(v, min), max)).toArray()));
    }
    boolean old = call.opset() < 11;
    double min = old ? call.real("min", -Float.MAX_VALUE) : call.number(1, -Float.MAX_VALUE);
    double max = old ? call.real("max", Float.MAX_VALUE) : call.number(2, Float.MAX_VALUE);
    float[] values = call.floats(0).clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.min(Math.max(values[i], min), max);
    }
    return List.of(new Constant.Floats(call.shape(0), values));
  }
}
