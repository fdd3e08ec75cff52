// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** ArgMax and ArgMin: where along an axis the first (or last) extreme element is. */
record Extremum(boolean most) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of("ArgMax", new Extremum(true), "ArgMin", new Extremum(false));

  @Override
  public List<ValueType> types(Call call) {
    int axis = Call.axis(call.integer("axis", 0), call.rank(0));
    List<Integer> dims = new ArrayList<>(call.shape(0).dims());
    if (call.integer("keepdims", 1) != 0) {
      dims.set(axis, 1);
    } else {
      dims.remove(axis);
    }
    return List.of(new ValueType(ElementType.INT64, new Shape(dims)));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    double[] x = View.doubles(call.value(0));
    boolean last = call.flag("select_last_index");
    Lanes lanes = Lanes.along(call.shape(0), Call.axis(call.integer("axis", 0), call.rank(0)));
    long[] values = new long[(int) shape.elements()];
    int[] next = {0};
    lanes.forEach(
        (start, step) -> {
          int best = 0;
          for (int i = 1; i < lanes.length(); i++) {
            double candidate = x[start + i * step];
            double known = x[start + best * step];
            boolean better = most ? candidate > known : candidate < known;
            best = better || (last && candidate == known) ? i : best;
          }
          values[next[0]++] = best;
        });
    return List.of(new Constant.Integers(ElementType.INT64, shape, values));
  }
}
