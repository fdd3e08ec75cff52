// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Resize and Upsample: each dimension by itself, every result a weighted sum of the nearest one,
 * two or four elements. Scales are an attribute (Upsample 7), the second input (Upsample 9, Resize
 * 10) or the third, after a region; the fourth gives sizes instead. Antialiasing and regions are
 * refused.
 */
final class Resize implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of("Resize", new Resize(), "Upsample", new Resize());

  private Resize() {}

  /** Size before and after, and after / before as the model gives it. */
  private record Scaling(int from, int to, float scale) {}

  private static boolean old(Call call) {
    return call.type().equals("Upsample") || call.opset() < 11;
  }

  private static Scaling[] scalings(Call call) {
    Shape x = call.shape(0);
    Call.requires(x.elements() > 0, "resizing nothing");
    Scaling[] result = new Scaling[x.rank()];
    for (int i = 0; i < result.length; i++) {
      result[i] = new Scaling(x.dim(i), x.dim(i), 1);
    }
    int scaleInput = old(call) ? 1 : 2;
    long[] chosen = call.integers("axes");
    int[] axes =
        Call.axes(chosen == null ? LongStream.range(0, x.rank()).toArray() : chosen, x.rank());
    boolean sized = call.has(3) && call.shape(3).elements() > 0;
    float[] scales =
        call.attributes().get("scales") instanceof Attribute.Reals reals
            ? floats(reals)
            : sized ? new float[axes.length] : call.floats(scaleInput);
    Call.requires(scales.length == axes.length, scales.length + " scales of " + x);
    float common = sized ? common(call, x, axes) : 0;
    for (int i = 0; i < axes.length; i++) {
      int from = x.dim(axes[i]);
      if (common > 0) {
        int to = (int) Math.rint((double) common * from);
        result[axes[i]] = new Scaling(from, to, common);
      } else if (sized) {
        int to = Math.toIntExact(call.integers(3)[i]);
        result[axes[i]] = new Scaling(from, to, (float) to / from);
      } else {
        result[axes[i]] = new Scaling(from, (int) (from * scales[i]), scales[i]);
      }
    }
    return result;
  }

  private static float[] floats(Attribute.Reals reals) {
    float[] values = new float[reals.values().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = reals.values().get(i);
    }
    return values;
  }

  /** The one scale that reaches, or does not exceed, all sizes; 0 where each has its own. */
  private static float common(Call call, Shape x, int[] axes) {
    long[] sizes = call.integers(3);
    Call.requires(sizes.length == axes.length, sizes.length + " sizes of " + x);
    String policy = call.text("keep_aspect_ratio_policy", "stretch");
    boolean least = policy.equals("not_larger");
    float scale = least ? Float.MAX_VALUE : 0;
    for (int i = 0; i < axes.length && !policy.equals("stretch"); i++) {
      float own = (float) sizes[i] / x.dim(axes[i]);
      scale = least ? Math.min(scale, own) : Math.max(scale, own);
    }
    return scale;
  }

  @Override
  public List<ValueType> types(Call call) {
    Scaling[] scalings = scalings(call);
    return List.of(
        new ValueType(
            call.element(0), Shape.of(Arrays.stream(scalings).mapToInt(Scaling::to).toArray())));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Scaling[] scalings = scalings(call);
    String transform =
        call.text("coordinate_transformation_mode", old(call) ? "asymmetric" : "half_pixel");
    Call.requires(!call.flag("antialias"), "antialias = 1");
    Call.requires(!transform.equals("tf_crop_and_resize"), "resizing a region");
    double[] values = View.doubles(call.value(0));
    Shape shape = call.shape(0);
    for (int axis = 0; axis < scalings.length; axis++) {
      Scaling scaling = scalings[axis];
      if (scaling.to() != scaling.from() || scaling.scale() != 1) {
        Taps taps = taps(call, scaling, transform);
        values = resized(values, Lanes.along(shape, axis), taps);
        shape = shape.with(axis, scaling.to());
      }
    }
    return List.of(Cast.to(call.element(0), shape, values));
  }

  /** For each result the elements that it is made of and their weights. */
  private record Taps(int[][] index, double[][] weight) {}

  private static double[] resized(double[] x, Lanes lanes, Taps taps) {
    int to = taps.index().length;
    double[] y = new double[lanes.outer() * to * lanes.inner()];
    for (int o = 0; o < lanes.outer(); o++) {
      for (int i = 0; i < to; i++) {
        int at = (o * to + i) * lanes.inner();
        for (int t = 0; t < taps.index()[i].length; t++) {
          int from = (o * lanes.length() + taps.index()[i][t]) * lanes.inner();
          for (int n = 0; n < lanes.inner(); n++) {
            y[at + n] += taps.weight()[i][t] * x[from + n];
          }
        }
      }
    }
    return y;
  }

  private static Taps taps(Call call, Scaling s, String transform) {
    String mode = call.text("mode", "nearest");
    Taps taps = new Taps(new int[s.to()][], new double[s.to()][]);
    for (int i = 0; i < s.to(); i++) {
      float at = ResizeCoordinates.original(transform, i, s.scale(), s.from(), s.to());
      double[] weights;
      int first;
      switch (mode) {
        case "nearest" -> {
          String rounding = call.text("nearest_mode", old(call) ? "floor" : "round_prefer_floor");
          first = ResizeCoordinates.nearest(rounding, at, s.scale());
          weights = new double[] {1};
        }
        case "linear", "bilinear", "trilinear" -> {
          double inside = Math.clamp((double) at, 0, s.from() - 1);
          first = (int) Math.floor(inside);
          weights = new double[] {1 - (inside - first), inside - first};
        }
        case "cubic" -> {
          first = (int) Math.floor(at) - 1;
          weights = cubic(at - Math.floor(at), call.real("cubic_coeff_a", -0.75));
        }
        default -> throw new IllegalArgumentException("mode = " + mode);
      }
      place(taps, i, first, weights, s.from(), call.flag("exclude_outside"));
    }
    return taps;
  }

  /** Elements outside are the nearest inside, or do not count. */
  private static void place(
      Taps taps, int i, int first, double[] weights, int size, boolean excluding) {
    int[] index = new int[weights.length];
    double sum = 0;
    for (int t = 0; t < weights.length; t++) {
      index[t] = Math.clamp(first + t, 0, size - 1);
      weights[t] = excluding && index[t] != first + t ? 0 : weights[t];
      sum += weights[t];
    }
    for (int t = 0; t < weights.length; t++) {
      weights[t] /= sum;
    }
    taps.index()[i] = index;
    taps.weight()[i] = weights;
  }

  /** Keys' cubic convolution (IEEE Trans. ASSP 29, 1981) for a point {@code t} after the second. */
  private static double[] cubic(double t, double a) {
    double[] weights = new double[4];
    for (int i = 0; i < 4; i++) {
      double d = Math.abs(t + 1 - i);
      weights[i] =
          d <= 1
              ? ((a + 2) * d - (a + 3)) * d * d + 1
              : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
    return weights;
  }
}
