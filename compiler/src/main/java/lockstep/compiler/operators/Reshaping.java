// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** The same elements in the same order. Axes are an attribute before opset 13, then an input. */
record Reshaping(Function<Call, Shape> shape) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Identity", new Reshaping(c -> c.shape(0)),
          "Reshape", new Reshaping(Reshaping::reshaped),
          "Flatten", new Reshaping(Reshaping::flattened),
          "Squeeze", new Reshaping(Reshaping::squeezed),
          "Unsqueeze", new Reshaping(Reshaping::unsqueezed));

  @Override
  public List<ValueType> types(Call call) {
    Shape to = shape.apply(call);
    Call.requires(
        to.elements() == call.shape(0).elements(),
        call.type() + " of " + call.shape(0) + " to " + to);
    return List.of(new ValueType(call.element(0), to));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape to = types(call).getFirst().shape();
    Constant x = call.value(0);
    return List.of(
        x instanceof Constant.Codes codes
            ? new Constant.Floats(to, codes.floats())
            : x.reshaped(to));
  }

  private static Shape reshaped(Call call) {
    Shape x = call.shape(0);
    long[] dims = call.integers(1).clone();
    long known = 1;
    int open = -1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !call.flag("allowzero")) {
        dims[i] = x.dims().get(i);
      }
      if (dims[i] == -1) {
        Call.requires(open < 0, "two open dimensions");
        open = i;
      } else {
        known *= dims[i];
      }
    }
    if (open >= 0) {
      dims[open] = known == 0 ? 0 : x.elements() / known;
    }
    return Shape.of(dims);
  }

  private static Shape flattened(Call call) {
    Shape x = call.shape(0);
    long asked = call.integer("axis", 1);
    int axis = asked == x.rank() ? x.rank() : Call.axis(asked, x.rank());
    return Shape.of(new long[] {x.product(0, axis), x.product(axis, x.rank())});
  }

  private static Shape squeezed(Call call) {
    Shape x = call.shape(0);
    long[] given = call.integers("axes", 1);
    int[] axes = given == null ? null : Call.axes(given, x.rank());
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      int d = i;
      boolean goes = axes == null ? x.dim(i) == 1 : Arrays.stream(axes).anyMatch(a -> a == d);
      if (!goes) {
        dims.add(x.dim(i));
      }
    }
    return new Shape(dims);
  }

  private static Shape unsqueezed(Call call) {
    long[] given = call.integers("axes", 1);
    if (given == null) {
      throw new IllegalArgumentException("it has no axes");
    }
    List<Integer> dims = new ArrayList<>(call.shape(0).dims());
    TreeSet<Integer> axes = new TreeSet<>();
    for (int axis : Call.axes(given, dims.size() + given.length)) {
      Call.requires(axes.add(axis), "an axis is given twice");
    }
    axes.forEach(axis -> dims.add(axis, 1));
    return new Shape(dims);
  }
}
