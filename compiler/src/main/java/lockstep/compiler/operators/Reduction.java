// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One number from all elements along some axes. The axes are an attribute before opset 18 (13 for
 * ReduceSum) and an input since.
 *
 * @param real of the elements in order
 * @param whole the same on integers, or null where there is none
 */
record Reduction(ToDoubleFunction<double[]> real, @Nullable ToLongFunction<long[]> whole)
    implements Operator {
  static final Map<String, Operator> TABLE =
      Map.ofEntries(
          entry("ReduceSum", new Reduction(Reduction::sum, v -> Arrays.stream(v).sum())),
          entry(
              "ReduceMean",
              new Reduction(v -> sum(v) / v.length, v -> Arrays.stream(v).sum() / v.length)),
          entry(
              "ReduceMax",
              new Reduction(
                  v -> Arrays.stream(v).reduce(Double.NEGATIVE_INFINITY, Math::max),
                  v -> Arrays.stream(v).reduce(Long.MIN_VALUE, Math::max))),
          entry(
              "ReduceMin",
              new Reduction(
                  v -> Arrays.stream(v).reduce(Double.POSITIVE_INFINITY, Math::min),
                  v -> Arrays.stream(v).reduce(Long.MAX_VALUE, Math::min))),
          entry(
              "ReduceProd",
              new Reduction(
                  v -> Arrays.stream(v).reduce(1, (a, b) -> a * b),
                  v -> Arrays.stream(v).reduce(1, (a, b) -> a * b))),
          entry(
              "ReduceL1",
              new Reduction(
                  v -> Arrays.stream(v).map(Math::abs).sum(),
                  v -> Arrays.stream(v).map(Math::abs).sum())),
          entry("ReduceL2", new Reduction(v -> Math.sqrt(squares(v)), null)),
          entry("ReduceLogSum", new Reduction(v -> Math.log(sum(v)), null)),
          entry("ReduceLogSumExp", new Reduction(Reduction::logSumExp, null)),
          entry(
              "ReduceSumSquare",
              new Reduction(Reduction::squares, v -> Arrays.stream(v).map(x -> x * x).sum())));

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(
        call.isFloat(0) || whole != null, call.type() + " is not defined on " + call.element(0));
    boolean[] reduced = reduced(call);
    boolean keep = call.integer("keepdims", 1) != 0;
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < reduced.length; i++) {
      if (!reduced[i]) {
        dims.add(call.shape(0).dim(i));
      } else if (keep) {
        dims.add(1);
      }
    }
    return List.of(new ValueType(call.element(0), new Shape(dims)));
  }

  private static boolean[] reduced(Call call) {
    int rank = call.rank(0);
    long[] axes = call.integers("axes", 1);
    boolean[] reduced = new boolean[rank];
    if (axes == null || axes.length == 0) {
      Arrays.fill(reduced, !call.flag("noop_with_empty_axes"));
    } else {
      for (int axis : Call.axes(axes, rank)) {
        reduced[axis] = true;
      }
    }
    return reduced;
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    boolean[] reduced = reduced(call);
    int[] bases = along(call.shape(0), reduced, false);
    int[] steps = along(call.shape(0), reduced, true);
    if (whole != null && call.value(0) instanceof Constant.Integers x) {
      long[] values = new long[bases.length];
      long[] gathered = new long[steps.length];
      for (int i = 0; i < bases.length; i++) {
        for (int j = 0; j < steps.length; j++) {
          gathered[j] = x.values()[bases[i] + steps[j]];
        }
        values[i] = whole.applyAsLong(gathered);
      }
      return List.of(View.integers(type.element(), type.shape(), values));
    }
    float[] x = call.floats(0);
    double[] values = new double[bases.length];
    double[] gathered = new double[steps.length];
    for (int i = 0; i < bases.length; i++) {
      for (int j = 0; j < steps.length; j++) {
        gathered[j] = x[bases[i] + steps[j]];
      }
      values[i] = real.applyAsDouble(gathered);
    }
    return List.of(View.floats(type.shape(), values));
  }

  /** Offsets of all index combinations of the dimensions that are, or are not, reduced. */
  private static int[] along(Shape shape, boolean[] reduced, boolean chosen) {
    int[] strides = View.strides(shape);
    int[] axes = IntStream.range(0, reduced.length).filter(i -> reduced[i] == chosen).toArray();
    return View.indices(
        new Shape(Arrays.stream(axes).mapToObj(shape::dim).toList()),
        Arrays.stream(axes).map(i -> strides[i]).toArray(),
        0);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  private static double logSumExp(double[] values) {
    double most = Arrays.stream(values).max().orElse(Double.NEGATIVE_INFINITY);
    return Double.isInfinite(most)
        ? most
        : most + Math.log(Arrays.stream(values).map(v -> Math.exp(v - most)).sum());
  }
}
