// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** Conv over any number of spatial dimensions: value, weights [out][in / groups][kernel], bias. */
final class Convolution implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Conv", new Convolution());

  /** Groups of fewer output channels are computed side by side, larger ones one by one. */
  private static final int SHARED_CHANNELS = 4;

  private Convolution() {}

  @Override
  public List<ValueType> types(Call call) {
    return List.of(ValueType.floats(shape(call, 1)));
  }

  /** The result's shape, for weights at a given input. */
  static Shape shape(Call call, int weights) {
    Shape x = call.shape(0);
    Shape w = call.shape(weights);
    int groups = call.small("group", 1);
    Call.requires(
        w.rank() == x.rank()
            && groups > 0
            && x.dim(1) == w.dim(1) * groups
            && w.dim(0) % groups == 0,
        "a value " + x + " with weights " + w + " in " + groups + " groups");
    return window(call, weights).outputShape(x.dim(0), w.dim(0));
  }

  static SlidingWindow window(Call call, int weights) {
    Shape w = call.shape(weights);
    int[] kernel = new int[Math.max(0, w.rank() - 2)];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = w.dim(i + 2);
    }
    return SlidingWindow.of(call, kernel);
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = shape(call, 1);
    SlidingWindow window = window(call, 1);
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    float[] bias = call.has(2) ? call.floats(2) : new float[shape.dim(1)];
    int groups = call.small("group", 1);
    int channels = shape.dim(1) / groups;
    int perGroup = call.shape(1).dim(1);
    int inner = perGroup * window.taps();
    int pixels = window.outputs();
    float[] y = new float[(int) shape.elements()];
    boolean shared = channels < SHARED_CHANNELS;
    int[][] places = shared ? window.places(0, pixels) : new int[0][];
    Dense.forEach(
        shape.dim(0) * groups,
        shared ? (long) inner * pixels : 0,
        image -> {
          int group = image % groups;
          int from = image * perGroup * window.inputs();
          double[] starts = new double[channels];
          for (int c = 0; c < channels; c++) {
            starts[c] = bias[group * channels + c];
          }
          Dense.multiply(
              new Dense.Matrix(w, group * channels * inner, inner, 1),
              channels,
              inner,
              pixels,
              shared ? columns(window, x, from, places) : columns(window, x, from),
              Dense.into(y, image * channels * pixels, pixels, starts));
        });
    return List.of(new Constant.Floats(shape, y));
  }

  /** Column j holds, channel by channel, what window j reads. */
  private static Dense.Columns columns(SlidingWindow window, float[] x, int offset) {
    return (from, count, tile) ->
        fill(window, x, offset, window.places(from, count), 0, count, tile);
  }

  /** The same from the places of all windows, where many groups share them. */
  private static Dense.Columns columns(
      SlidingWindow window, float[] x, int offset, int[][] places) {
    return (from, count, tile) -> fill(window, x, offset, places, from, count, tile);
  }

  private static void fill(
      SlidingWindow window,
      float[] x,
      int offset,
      int[][] places,
      int from,
      int count,
      double[][] tile) {
    int taps = window.taps();
    for (int row = 0; row < tile.length; row++) {
      int start = offset + row / taps * window.inputs();
      int[] place = places[row % taps];
      double[] line = tile[row];
      for (int j = 0; j < count; j++) {
        int at = place[from + j];
        line[j] = at < 0 ? 0 : x[start + at];
      }
    }
  }
}
