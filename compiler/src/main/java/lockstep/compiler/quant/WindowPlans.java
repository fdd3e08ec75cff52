// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.LaneLayer;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and pooling that are none on images - of three dimensions, transposed - as gathered
 * taps. Where a tap lies is found by running the operator's own definition on one channel with a
 * kernel that is 1 there and 0 elsewhere.
 */
final class WindowPlans {
  private static final long MOST_GATHERED = 1 << 24;
  private static final int SPATIAL = 2;

  private WindowPlans() {}

  /** The plan; null if the node is no window that is known. */
  static @Nullable LanePlan of(Graph graph, Node node, Op.Foreign op) {
    Shape x = graph.type(node.input()).shape();
    Shape y = graph.type(node.output()).shape();
    if (x.rank() <= SPATIAL) {
      return null;
    }
    return switch (op.type()) {
      case "Conv", "ConvTranspose" -> convolution(graph, node, op, x, y);
      case "MaxPool" -> pooled(graph, node, op, x, y, LaneLayer.Gathering.MAXIMUM);
      case "AveragePool" -> pooled(graph, node, op, x, y, LaneLayer.Gathering.SUM);
      default -> null;
    };
  }

  private static @Nullable LanePlan convolution(
      Graph graph, Node node, Op.Foreign op, Shape x, Shape y) {
    Constant weights = graph.constants().get(node.inputs().get(1));
    String biasName = node.inputs().size() > SPATIAL ? node.inputs().get(SPATIAL) : "";
    Constant bias = graph.constants().get(biasName);
    if (weights == null || (bias == null && !biasName.isEmpty())) {
      return null;
    }
    int groups = op.attributes().get("group") instanceof Attribute.Int(long g) ? (int) g : 1;
    Shape kernel = kernel(weights.shape());
    int[][] taps = taps(graph, op, op.type(), x, y, kernel, x.dim(1));
    if (taps == null) {
      return null;
    }
    float[] given = weights.floats();
    float[] ordered = given;
    if (op.type().equals("ConvTranspose")) {
      ordered = turned(given, x.dim(1), weights.shape().dim(1), groups, taps.length);
    }
    int inner = x.dim(1) / groups * taps.length;
    return new LanePlan.Windowed(
        node.input(),
        gathered(taps, x, y),
        taps.length,
        groups,
        new Constant.Floats(Shape.of(y.dim(1), inner, 1, 1), ordered),
        bias == null ? null : bias.floats());
  }

  /** Weights [in][out / groups][taps] as [out][in / groups][taps]. */
  private static float[] turned(float[] given, int in, int outPerGroup, int groups, int taps) {
    float[] weights = new float[given.length];
    int inPerGroup = in / groups;
    for (int c = 0; c < in; c++) {
      for (int m = 0; m < outPerGroup; m++) {
        int to = (c / inPerGroup * outPerGroup + m) * inPerGroup + c % inPerGroup;
        System.arraycopy(given, (c * outPerGroup + m) * taps, weights, to * taps, taps);
      }
    }
    return weights;
  }

  private static @Nullable LanePlan pooled(
      Graph graph, Node node, Op.Foreign op, Shape x, Shape y, LaneLayer.Gathering kind) {
    if (!(op.attributes().get("kernel_shape") instanceof Attribute.Ints(List<Long> sizes))) {
      return null;
    }
    Shape kernel = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    int[][] taps = taps(graph, op, "Conv", x, y, kernel, x.dim(1));
    if (taps == null) {
      return null;
    }
    boolean whole = Arrays.stream(taps).flatMapToInt(Arrays::stream).allMatch(at -> at >= 0);
    boolean counted =
        op.attributes().get("count_include_pad") instanceof Attribute.Int(long flag) && flag != 0;
    boolean sum = kind == LaneLayer.Gathering.SUM;
    if (sum && !whole && !counted) {
      return null;
    }
    return new LanePlan.Pooled(
        node.input(), gathered(taps, x, y), taps.length, kind, sum ? 1.0 / taps.length : 1);
  }

  private static Shape kernel(Shape weights) {
    return new Shape(weights.dims().subList(SPATIAL, weights.rank()));
  }

  /** Per tap and place of the result in one channel, which of the input's it is, or -1. */
  private static int @Nullable [][] taps(
      Graph graph, Op.Foreign op, String type, Shape x, Shape y, Shape kernel, int channels) {
    Shape image = x.with(0, 1).with(1, 1);
    long all = kernel.elements() * channels * x.dim(0) * y.product(SPATIAL, y.rank());
    if (x.elements() == 0 || all > MOST_GATHERED) {
      return null;
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>(op.attributes());
    attributes
        .keySet()
        .retainAll(
            java.util.Set.of(
                "auto_pad",
                "dilations",
                "kernel_shape",
                "output_padding",
                "output_shape",
                "pads",
                "strides"));
    List<Integer> dims = new ArrayList<>(List.of(1, 1));
    dims.addAll(kernel.dims());
    Node probe =
        new Node(
            "tap",
            new Op.Foreign(type, "", attributes),
            List.of("x", "w"),
            List.of("y"),
            List.of());
    int[][] taps = new int[(int) kernel.elements()][];
    for (int t = 0; t < taps.length; t++) {
      float[] one = new float[taps.length];
      one[t] = 1;
      Constant weights = new Constant.Floats(new Shape(dims), one);
      try {
        LanePlan.Moved move = MoveIndex.probed(graph, probe, image, Map.of("w", weights));
        if (move == null) {
          return null;
        }
        taps[t] = move.index() == null ? identity((int) image.elements()) : move.index();
      } catch (UserError e) {
        return null;
      }
      if (taps[t].length != y.product(SPATIAL, y.rank())) {
        return null;
      }
    }
    return taps;
  }

  private static int[] identity(int length) {
    int[] index = new int[length];
    for (int i = 0; i < length; i++) {
      index[i] = i;
    }
    return index;
  }

  /** Image by image, channel by channel, tap by tap. */
  private static int[] gathered(int[][] taps, Shape x, Shape y) {
    int from = (int) x.product(SPATIAL, x.rank());
    int to = (int) y.product(SPATIAL, y.rank());
    int[] index = new int[x.dim(0) * x.dim(1) * taps.length * to];
    int next = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int[] tap : taps) {
        for (int at : Objects.requireNonNull(tap)) {
          index[next++] = at < 0 ? -1 : plane * from + at;
        }
      }
    }
    return index;
  }
}
