// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ValueType;

/**
 * A copy of the first input with updates at given indices, which replace or are added to (and so
 * on) what is there.
 *
 * @param elements whether indices name elements along an axis; else tuples name slices
 */
record Scatter(boolean elements) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Scatter", new Scatter(true),
          "ScatterElements", new Scatter(true),
          "ScatterND", new Scatter(false));

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(
        call.element(2) == call.element(0), "updates of " + call.element(2) + " elements");
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    types(call);
    String how = call.text("reduction", "none");
    int[] places = elements ? elementPlaces(call) : slicePlaces(call);
    Call.requires(
        places.length == call.shape(2).elements(),
        "updates " + call.shape(2) + " for indices " + call.shape(1));
    if (call.value(0) instanceof Constant.Integers x) {
      long[] values = x.values().clone();
      long[] updates = call.integers(2);
      for (int i = 0; i < places.length; i++) {
        long old = values[places[i]];
        values[places[i]] =
            switch (how) {
              case "none" -> updates[i];
              case "add" -> old + updates[i];
              case "mul" -> old * updates[i];
              case "min" -> Math.min(old, updates[i]);
              case "max" -> Math.max(old, updates[i]);
              case String other -> throw new IllegalArgumentException("reduction = " + other);
            };
      }
      return List.of(View.integers(x.element(), x.shape(), values));
    }
    float[] values = call.floats(0).clone();
    float[] updates = call.floats(2);
    for (int i = 0; i < places.length; i++) {
      float old = values[places[i]];
      values[places[i]] =
          switch (how) {
            case "none" -> updates[i];
            case "add" -> old + updates[i];
            case "mul" -> old * updates[i];
            case "min" -> Math.min(old, updates[i]);
            case "max" -> Math.max(old, updates[i]);
            case String other -> throw new IllegalArgumentException("reduction = " + other);
          };
    }
    return List.of(new Constant.Floats(call.shape(0), values));
  }

  private static int[] elementPlaces(Call call) {
    int axis = Call.axis(call.integer("axis", 0), call.rank(0));
    return Gather.along(call, axis, call.shape(1), call.integers(1));
  }

  private static int[] slicePlaces(Call call) {
    int[] starts = Gather.starts(call, 0, call.shape(1), call.integers(1));
    int slice = (int) call.shape(0).product(call.shape(1).dim(-1), call.rank(0));
    int[] places = new int[starts.length * slice];
    for (int i = 0; i < places.length; i++) {
      places[i] = starts[i / slice] + i % slice;
    }
    return places;
  }
}
