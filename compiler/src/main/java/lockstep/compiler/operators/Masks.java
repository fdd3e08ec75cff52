// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/** Choice by truth values and positions: Where, NonZero, Trilu and OneHot. */
final class Masks {
  static final Map<String, Operator> TABLE =
      Map.of(
          "Where", new Where(),
          "NonZero", new NonZero(),
          "Trilu", new Triangle(),
          "OneHot", new OneHot());

  private Masks() {}

  private record Where() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      Call.requires(
          call.element(0) == ElementType.BOOL && call.element(1) == call.element(2),
          call.element(0) + " between " + call.element(1) + " and " + call.element(2));
      Shape values = TypeInference.broadcast(call.shape(1), call.shape(2));
      return List.of(
          new ValueType(call.element(1), TypeInference.broadcast(call.shape(0), values)));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      ValueType type = types(call).getFirst();
      int[] condition = View.broadcast(call.shape(0), type.shape());
      int[] x = View.broadcast(call.shape(1), type.shape());
      int[] y = View.broadcast(call.shape(2), type.shape());
      long[] mask = call.integers(0);
      if (call.isFloat(1)) {
        float[] a = call.floats(1);
        float[] b = call.floats(2);
        float[] values = new float[condition.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = mask[condition[i]] != 0 ? a[x[i]] : b[y[i]];
        }
        return List.of(new Constant.Floats(type.shape(), values));
      }
      long[] a = call.integers(1);
      long[] b = call.integers(2);
      long[] values = new long[condition.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = mask[condition[i]] != 0 ? a[x[i]] : b[y[i]];
      }
      return List.of(new Constant.Integers(type.element(), type.shape(), values));
    }
  }

  /** Indices of what is not zero, one row a dimension; how many depends on the values. */
  private record NonZero() implements Operator {
    @Override
    public List<ValueType> types(Call call) {
      return List.of(evaluate(call).getFirst().type());
    }

    @Override
    public List<Constant> evaluate(Call call) {
      double[] x = View.doubles(call.value(0));
      int[] found = IntStream.range(0, x.length).filter(i -> x[i] != 0).toArray();
      Shape shape = call.shape(0);
      int rank = Math.max(1, shape.rank());
      int[] strides = shape.rank() == 0 ? new int[] {1} : View.strides(shape);
      long[] values = new long[rank * found.length];
      for (int d = 0; d < rank; d++) {
        for (int i = 0; i < found.length; i++) {
          int place = found[i] / strides[d];
          values[d * found.length + i] = shape.rank() == 0 ? 0 : place % shape.dim(d);
        }
      }
      return List.of(
          new Constant.Integers(ElementType.INT64, Shape.of(rank, found.length), values));
    }
  }

  /** The upper or lower triangle of each matrix, zeros elsewhere. */
  private record Triangle() implements Rearrangement {
    @Override
    public Shape shape(Call call) {
      Call.requires(call.rank(0) >= 2, "a value " + call.input(0));
      return call.shape(0);
    }

    @Override
    public int[] index(Call call, Shape shape) {
      long diagonal = call.has(1) ? (long) call.number(1) : 0;
      boolean upper = call.integer("upper", 1) != 0;
      int[] index = new int[(int) shape.elements()];
      int rows = shape.dim(-2);
      int columns = shape.dim(-1);
      for (int i = 0; i < index.length; i++) {
        long above = i % columns - i / columns % rows - diagonal;
        index[i] = (upper ? above >= 0 : above <= 0) ? i : -1;
      }
      return index;
    }
  }

  /** Inputs: indices, depth, the pair of values for off and on. */
  private record OneHot() implements Operator {
    private static int axis(Call call) {
      return Call.axis(call.integer("axis", -1), call.rank(0) + 1);
    }

    @Override
    public List<ValueType> types(Call call) {
      int[] dims = new int[call.rank(0) + 1];
      int axis = axis(call);
      for (int i = 0; i < dims.length; i++) {
        dims[i] = i == axis ? (int) call.number(1) : call.shape(0).dim(i < axis ? i : i - 1);
      }
      return List.of(new ValueType(call.element(2), Shape.of(dims)));
    }

    @Override
    public List<Constant> evaluate(Call call) {
      ValueType type = types(call).getFirst();
      Lanes lanes = Lanes.along(type.shape(), axis(call));
      double[] chosen = View.doubles(call.value(0));
      int[] index = new int[(int) type.shape().elements()];
      int[] next = {0};
      lanes.forEach(
          (start, step) -> {
            long at = (long) chosen[next[0]++];
            at = at < 0 ? at + lanes.length() : at;
            if (at >= 0 && at < lanes.length()) {
              index[start + (int) at * step] = 1;
            }
          });
      return List.of(View.take(call.value(2), type.shape(), index));
    }
  }
}
