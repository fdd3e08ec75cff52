// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Tensors made from sizes: fills, ranges and unit matrices. */
final class Generators {
  static final Map<String, Operator> TABLE =
      Map.of(
          "ConstantOfShape", new Fill(),
          "Range", new Range(),
          "EyeLike", new Eye());

  private Generators() {}

  private record Fill() implements Operator {
    private static Constant value(Call call) {
      return call.attributes().get("value") instanceof Attribute.Tensor tensor
          ? tensor.value()
          : new Constant.Floats(Shape.of(1), new float[1]);
    }

    @Override
    public List<ValueType> types(Call call) {
      return List.of(new ValueType(value(call).element(), Shape.of(call.integers(0))));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Shape shape = types(call).getFirst().shape();
      if (value(call) instanceof Constant.Integers one) {
        long[] values = new long[(int) shape.elements()];
        Arrays.fill(values, one.values()[0]);
        return List.of(new Constant.Integers(one.element(), shape, values));
      }
      return List.of(new Constant.Splat(shape, value(call).floats()[0]));
    }
  }

  /** {@code start + i * step} for as many as stay before the limit. */
  private record Range() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      double steps = Math.ceil((call.number(1) - call.number(0)) / call.number(2));
      Call.requires(steps < Integer.MAX_VALUE && call.number(2) != 0, steps + " steps");
      return List.of(new ValueType(call.element(0), Shape.of(Math.max(0, (int) steps))));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      Shape shape = types(call).getFirst().shape();
      if (call.isFloat(0)) {
        float[] values = new float[shape.dim(0)];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (call.number(0) + i * call.number(2));
        }
        return List.of(new Constant.Floats(shape, values));
      }
      long[] values = new long[shape.dim(0)];
      Arrays.setAll(values, i -> call.integers(0)[0] + i * call.integers(2)[0]);
      return List.of(View.integers(call.element(0), shape, values));
    }
  }

  private record Eye() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      Call.requires(call.rank(0) == 2, "a value " + call.input(0));
      ElementType element =
          call.attributes().containsKey("dtype")
              ? Cast.element(call.integer("dtype", 1))
              : call.element(0);
      return List.of(new ValueType(element, call.shape(0)));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      ValueType type = types(call).getFirst();
      int columns = type.shape().dim(1);
      int diagonal = call.small("k", 0);
      double[] values = new double[(int) type.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % columns - i / columns == diagonal ? 1 : 0;
      }
      return List.of(Cast.to(type.element(), type.shape(), values));
    }
  }
}
