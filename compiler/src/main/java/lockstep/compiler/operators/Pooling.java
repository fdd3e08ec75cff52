// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * The greatest, the mean or a norm of each window over any number of spatial dimensions.
 *
 * @param global whether the one window is the whole image
 */
record Pooling(Form form, boolean global) implements Operator {
  enum Form {
    MAX,
    AVERAGE,
    NORM
  }

  static final Map<String, Operator> TABLE =
      Map.of(
          "MaxPool", new Pooling(Form.MAX, false),
          "AveragePool", new Pooling(Form.AVERAGE, false),
          "LpPool", new Pooling(Form.NORM, false),
          "GlobalMaxPool", new Pooling(Form.MAX, true),
          "GlobalAveragePool", new Pooling(Form.AVERAGE, true),
          "GlobalLpPool", new Pooling(Form.NORM, true));

  private SlidingWindow window(Call call) {
    if (!global) {
      return SlidingWindow.of(call, SlidingWindow.kernel(call));
    }
    Call.requires(call.rank(0) > 2, "a value " + call.input(0));
    int[] whole = new int[call.rank(0) - 2];
    Arrays.setAll(whole, i -> call.shape(0).dim(i + 2));
    return SlidingWindow.of(call, whole);
  }

  @Override
  public List<ValueType> types(Call call) {
    Shape x = call.shape(0);
    Shape shape = window(call).outputShape(x.dim(0), x.dim(1));
    return List.of(new ValueType(call.element(0), shape), new ValueType(ElementType.INT64, shape));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    SlidingWindow window = window(call);
    int[][] places = window.places(0, window.outputs());
    int planes = shape.dim(0) * shape.dim(1);
    double[] x = View.doubles(call.value(0));
    double[] y = new double[(int) shape.elements()];
    int[] best = new int[y.length];
    Dense.forEach(
        planes,
        (long) window.outputs() * window.taps(),
        plane -> {
          int input = plane * window.inputs();
          int output = plane * window.outputs();
          for (int i = 0; i < window.outputs(); i++) {
            if (form == Form.MAX) {
              best[output + i] = greatest(x, input, places, i);
              y[output + i] = x[best[output + i]];
            } else {
              y[output + i] = combined(call, window, x, input, places, i);
            }
          }
        });
    Constant values = Cast.to(call.element(0), shape, y);
    return form == Form.MAX && call.outputs() > 1
        ? List.of(values, indices(call, window, shape, best))
        : List.of(values);
  }

  private static int greatest(double[] x, int input, int[][] places, int i) {
    int best = -1;
    for (int[] place : places) {
      int at = input + place[i];
      if (place[i] >= 0 && (best < 0 || x[at] > x[best])) {
        best = at;
      }
    }
    Call.requires(best >= 0, "a window of nothing but padding");
    return best;
  }

  private double combined(
      Call call, SlidingWindow window, double[] x, int input, int[][] places, int i) {
    int count = 0;
    double sum = 0;
    int power = call.small("p", 2);
    for (int[] place : places) {
      if (place[i] >= 0) {
        double value = x[input + place[i]];
        sum += form == Form.AVERAGE ? value : Math.pow(Math.abs(value), power);
        count++;
      }
    }
    if (form == Form.NORM) {
      return Math.pow(sum, 1.0 / power);
    }
    return sum / (call.flag("count_include_pad") ? divisor(window, i) : count);
  }

  /** Padding counts; what rounding up adds beyond it does not. */
  private static int divisor(SlidingWindow window, int i) {
    int count = 1;
    for (int d = 0; d < window.kernel().length; d++) {
      int start = window.start(i, d);
      int room = window.padded()[d] - window.begins()[d] - start;
      count *= Math.min(window.kernel()[d], Math.ceilDiv(room, window.dilations()[d]));
    }
    return count;
  }

  /** Places in the whole input, row-major or with the spatial dimensions in reverse order. */
  private static Constant indices(Call call, SlidingWindow window, Shape shape, int[] best) {
    long[] values = new long[best.length];
    boolean reversed = call.flag("storage_order");
    int[] own = View.strides(Shape.of(window.input()));
    for (int i = 0; i < best.length; i++) {
      values[i] = best[i];
      if (reversed) {
        int plane = best[i] / window.inputs();
        long at = 0;
        int step = 1;
        for (int d = 0; d < own.length; d++) {
          at += (long) (best[i] % window.inputs() / own[d] % window.input()[d]) * step;
          step *= window.input()[d];
        }
        values[i] = (long) plane * window.inputs() + at;
      }
    }
    return new Constant.Integers(ElementType.INT64, shape, values);
  }
}
