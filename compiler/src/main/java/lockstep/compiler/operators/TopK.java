// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * The extreme elements along an axis in order, and where they were; of equal ones the first. How
 * many is an attribute before opset 10.
 */
final class TopK implements Operator {
  static final Map<String, Operator> TABLE = Map.of("TopK", new TopK());

  private TopK() {}

  @Override
  public List<ValueType> types(Call call) {
    int axis = Call.axis(call.integer("axis", -1), call.rank(0));
    int count = Math.toIntExact(call.opset() < 10 ? call.integer("k", 1) : (long) call.number(1));
    Call.requires(
        count >= 0 && count <= call.shape(0).dim(axis), count + " elements of " + call.shape(0));
    Shape shape = call.shape(0).with(axis, count);
    return List.of(new ValueType(call.element(0), shape), new ValueType(ElementType.INT64, shape));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    int axis = Call.axis(call.integer("axis", -1), call.rank(0));
    double[] x = View.doubles(call.value(0));
    boolean largest = call.integer("largest", 1) != 0;
    Lanes from = Lanes.along(call.shape(0), axis);
    int count = shape.dim(axis);
    int[] index = new int[(int) shape.elements()];
    long[] places = new long[index.length];
    from.forEach(
        (start, step) -> {
          Comparator<Integer> rising = Comparator.comparingDouble(i -> x[start + i * step]);
          List<Integer> order =
              IntStream.range(0, from.length())
                  .boxed()
                  .sorted(largest ? rising.reversed() : rising)
                  .toList();
          int line = start / (from.length() * from.inner()) * count * from.inner();
          for (int i = 0; i < count; i++) {
            int to = line + i * step + start % from.inner();
            index[to] = start + order.get(i) * step;
            places[to] = order.get(i);
          }
        });
    return List.of(
        View.take(call.value(0), shape, index),
        new Constant.Integers(ElementType.INT64, shape, places));
  }
}
