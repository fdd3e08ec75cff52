// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Normalisations without parameters: across neighbouring channels, by norm, by statistics. */
record OtherNormalisations(Function<Call, float[]> function) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "LRN", new OtherNormalisations(OtherNormalisations::localResponse),
          "LpNormalization", new OtherNormalisations(OtherNormalisations::byNorm),
          "MeanVarianceNormalization", new OtherNormalisations(OtherNormalisations::meanVariance));

  @Override
  public List<ValueType> types(Call call) {
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    return List.of(new Constant.Floats(call.shape(0), function.apply(call)));
  }

  /** {@code x / (bias + alpha / size * sum of squares of size neighbours) ^ beta}. */
  private static float[] localResponse(Call call) {
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    int size = call.small("size", 1);
    double alpha = call.real("alpha", 1e-4);
    double beta = call.real("beta", 0.75);
    double bias = call.real("bias", 1);
    Lanes lanes = Lanes.along(call.shape(0), 1);
    lanes.forEach(
        (start, step) -> {
          for (int c = 0; c < lanes.length(); c++) {
            double squares = 0;
            int last = Math.min(lanes.length() - 1, c + size / 2);
            for (int i = Math.max(0, c - (size - 1) / 2); i <= last; i++) {
              squares += (double) x[start + i * step] * x[start + i * step];
            }
            int at = start + c * step;
            y[at] = (float) (x[at] / Math.pow(bias + alpha / size * squares, beta));
          }
        });
    return y;
  }

  private static float[] byNorm(Call call) {
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    boolean first = call.integer("p", 2) == 1;
    Lanes lanes = Lanes.along(call.shape(0), Call.axis(call.integer("axis", -1), call.rank(0)));
    lanes.forEach(
        (start, step) -> {
          double norm = 0;
          for (int i = 0; i < lanes.length(); i++) {
            double value = x[start + i * step];
            norm += first ? Math.abs(value) : value * value;
          }
          norm = first ? norm : Math.sqrt(norm);
          for (int i = 0; i < lanes.length(); i++) {
            y[start + i * step] = norm == 0 ? 0 : (float) (x[start + i * step] / norm);
          }
        });
    return y;
  }

  private static float[] meanVariance(Call call) {
    long[] given = call.integers("axes");
    Shape shape = call.shape(0);
    int[] axes = Call.axes(given == null ? new long[] {0, 2, 3} : given, shape.rank());
    int[] own = View.strides(shape);
    int[] among =
        IntStream.range(0, shape.rank())
            .filter(i -> Arrays.stream(axes).noneMatch(a -> a == i))
            .toArray();
    int[] bases = offsets(shape, own, among);
    int[] steps = offsets(shape, own, axes);
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    for (int base : bases) {
      float[] line = new float[steps.length];
      for (int i = 0; i < steps.length; i++) {
        line[i] = x[base + steps[i]];
      }
      Statistics known = Statistics.of(line, 0, line.length, 1);
      double deviation = Math.sqrt(known.variance()) + 1e-9;
      for (int i = 0; i < steps.length; i++) {
        y[base + steps[i]] = (float) ((line[i] - known.mean()) / deviation);
      }
    }
    return y;
  }

  private static int[] offsets(Shape shape, int[] strides, int[] axes) {
    return View.indices(
        new Shape(Arrays.stream(axes).mapToObj(shape::dim).toList()),
        Arrays.stream(axes).map(a -> strides[a]).toArray(),
        0);
  }
}
