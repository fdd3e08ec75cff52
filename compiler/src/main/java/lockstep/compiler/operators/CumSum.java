// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;

/** Running sums along an axis, from either end, with or without the element itself. */
final class CumSum implements Operator {
  static final Map<String, Operator> TABLE = Map.of("CumSum", new CumSum());

  private CumSum() {}

  @Override
  public List<ValueType> types(Call call) {
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Lanes lanes = Lanes.along(call.shape(0), Call.axis((long) call.number(1), call.rank(0)));
    double[] x = View.doubles(call.value(0));
    double[] sums = new double[x.length];
    boolean exclusive = call.flag("exclusive");
    boolean reverse = call.flag("reverse");
    lanes.forEach(
        (start, step) -> {
          double sum = 0;
          for (int i = 0; i < lanes.length(); i++) {
            int at = start + (reverse ? lanes.length() - 1 - i : i) * step;
            sums[at] = exclusive ? sum : sum + x[at];
            sum += x[at];
          }
        });
    return List.of(Cast.to(call.element(0), call.shape(0), sums));
  }
}
