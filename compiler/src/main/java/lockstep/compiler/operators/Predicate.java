// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.ValueType;

/** A truth value for each element. */
record Predicate(BiPredicate<Call, Double> test) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Not", new Predicate((_, x) -> x == 0),
          "IsNaN", new Predicate((_, x) -> Double.isNaN(x)),
          "IsInf",
              new Predicate(
                  (c, x) ->
                      Double.isInfinite(x)
                          && c.integer(x < 0 ? "detect_negative" : "detect_positive", 1) != 0));

  @Override
  public List<ValueType> types(Call call) {
    return List.of(new ValueType(ElementType.BOOL, call.shape(0)));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    double[] x = View.doubles(call.value(0));
    long[] values = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = test.test(call, x[i]) ? 1 : 0;
    }
    return List.of(new Constant.Integers(ElementType.BOOL, call.shape(0), values));
  }
}
