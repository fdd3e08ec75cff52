// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.vliw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.LaneLayer.Gathering;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Output;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/**
 * How one number comes about from all along some axes.
 *
 * <pre>
 * sum along channels, lines, columns    a contraction
 * greatest along lines, columns         greatest of windows, until one is left -> way out
 * least                                 -1 - code -> greatest of windows -> -1 - code, way out
 * all else, sums of long lines          moved to channels or columns -> one of these -> moved back
 * </pre>
 */
record Reduction(LaneLayer.Reduce layer) {
  /** Codes that a window has at most: so many loads has the body of a loop. */
  private static final int MOST_TAPS = 8;

  /** Columns of a window of sums: so many products has the body of a loop. */
  private static final int LONGEST_LINE = 128;

  private static final int NO_LEAK = 1 << 15;

  /** Greatest codes of windows that do not overlap. */
  record Stage(Tensor from, Window window, Tensor to) {}

  private boolean extreme() {
    return layer.kind() != Gathering.SUM;
  }

  /** Whether its elements have to lie elsewhere first. */
  boolean moves() {
    List<Axis> axes = layer.axes();
    return axes.contains(Axis.N)
        || (extreme() ? axes.contains(Axis.C) : axes.contains(Axis.W) && longLine());
  }

  private boolean longLine() {
    return layer.input().w() > LONGEST_LINE;
  }

  /** Whether it is a contraction. */
  boolean sums() {
    return !moves() && !extreme();
  }

  boolean least() {
    return layer.kind() == Gathering.MINIMUM;
  }

  /** The tensors between input and output. */
  List<Tensor> between() {
    List<Tensor> between = new ArrayList<>();
    if (moves()) {
      between.add(there().output());
      between.addAll(new Reduction(moved()).between());
      if (back() != null) {
        between.add(moved().output());
      }
    } else if (extreme()) {
      if (least()) {
        between.add(complement());
      }
      stages().forEach(s -> between.add(s.to()));
    }
    return between;
  }

  /**
   * What is to be reduced as channels for sums, else as columns, behind the rest in its own order.
   */
  LaneLayer.Move there() {
    Tensor x = layer.input();
    List<int[]> kept = new ArrayList<>();
    List<int[]> reduced = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      int stride = axis.stride(x);
      (layer.axes().contains(axis) ? reduced : kept)
          .add(IntStream.range(0, axis.length(x)).map(i -> i * stride).toArray());
    }
    int length = product(reduced);
    int rest = product(kept);
    int images = layer.output().n();
    int channels = layer.axes().contains(Axis.C) ? rest / images : x.c();
    List<int[]> offsets = new ArrayList<>(extreme() ? kept : reduced);
    offsets.addAll(extreme() ? reduced : kept);
    Tensor y =
        extreme()
            ? tensor("/moved", images, channels, rest / images / channels, length, x)
            : tensor("/moved", 1, length, 1, rest, x);
    return new LaneLayer.Move(layer.name(), layer.source(), x, offsets, x.zeroPoint(), y);
  }

  private static int product(List<int[]> offsets) {
    return offsets.stream().mapToInt(o -> o.length).reduce(1, (a, b) -> a * b);
  }

  /** The reduction of what was moved. */
  LaneLayer.Reduce moved() {
    Tensor x = there().output();
    Tensor y = layer.output();
    Tensor like = extreme() ? tensor("", x.n(), x.c(), x.h(), 1, y) : tensor("", 1, 1, 1, x.w(), y);
    boolean placed = ImageView.of(like).equals(ImageView.of(y));
    return new LaneLayer.Reduce(
        layer.name(),
        layer.source(),
        layer.kind(),
        x,
        List.of(extreme() ? Axis.W : Axis.C),
        layer.multiplier(),
        layer.shift(),
        layer.min(),
        layer.max(),
        placed ? y : like.encodedAs(y, layer.name() + "/reduced"));
  }

  /** Its result in the output's dimensions; null if it has these. */
  LaneLayer.@Nullable Move back() {
    Tensor x = moved().output();
    Tensor y = layer.output();
    int[] all = IntStream.range(0, Math.toIntExact(y.elements())).toArray();
    return x.equals(y)
        ? null
        : new LaneLayer.Move(layer.name(), layer.source(), x, List.of(all), y.zeroPoint(), y);
  }

  /** The input's codes from above. */
  Layer.Convolution complemented() {
    Tensor y = complement();
    FixedPoint.Scale same = FixedPoint.scale(1);
    return each(layer.input(), -1, same.multiplier(), same.shift(), -1, y.least(), y.greatest(), y);
  }

  private Tensor complement() {
    Tensor x = layer.input();
    return new Tensor(layer.name() + "/complement", x.n(), x.c(), x.h(), x.w(), 1, 0);
  }

  /** The way out of the greatest codes. */
  Layer.Convolution out() {
    int zero = layer.input().zeroPoint();
    List<Stage> stages = stages();
    Tensor from = stages.isEmpty() ? least() ? complement() : layer.input() : stages.getLast().to();
    return each(
        from,
        least() ? -1 : 1,
        layer.multiplier(),
        layer.shift(),
        least() ? -1 - zero : -zero,
        layer.min(),
        layer.max(),
        layer.output());
  }

  /** Each channel by itself: a weight, a bias. */
  private Layer.Convolution each(
      Tensor x, int weight, int multiplier, int shift, int bias, int min, int max, Tensor y) {
    int channels = x.c();
    byte[] weights = new byte[channels];
    int[] biases = new int[channels];
    int[] multipliers = new int[channels];
    int[] shifts = new int[channels];
    Arrays.fill(weights, (byte) weight);
    Arrays.fill(biases, bias);
    Arrays.fill(multipliers, multiplier);
    Arrays.fill(shifts, shift);
    Output out = new Output(null, multipliers, shifts, null, 0, NO_LEAK, 0, min, max);
    return new Layer.Convolution(
        layer.name(), layer.source(), x, weights, biases, channels, Window.POINT, out, y);
  }

  /** The greatest along the axes, of the input or of its complement. */
  List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    Tensor from = least() ? complement() : layer.input();
    while (lines(from) > 1 || columns(from) > 1) {
      int width = Math.min(columns(from), MOST_TAPS);
      int height = Math.min(lines(from), MOST_TAPS / width);
      int h = Math.ceilDiv(from.h(), height);
      int w = Math.ceilDiv(from.w(), width);
      Window window =
          new Window(
              height,
              width,
              height,
              width,
              1,
              1,
              0,
              0,
              h * height - from.h(),
              w * width - from.w());
      Tensor to = tensor("/greatest" + stages.size(), from.n(), from.c(), h, w, from);
      stages.add(new Stage(from, window, to));
      from = to;
    }
    return stages;
  }

  private int lines(Tensor t) {
    return layer.axes().contains(Axis.H) ? t.h() : 1;
  }

  private int columns(Tensor t) {
    return layer.axes().contains(Axis.W) ? t.w() : 1;
  }

  private Tensor tensor(String suffix, int n, int c, int h, int w, Tensor like) {
    return new Tensor(layer.name() + suffix, n, c, h, w, like.scale(), like.zeroPoint());
  }
}
