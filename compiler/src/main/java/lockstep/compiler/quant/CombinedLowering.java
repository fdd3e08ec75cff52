// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Tensor;
import lockstep.isa.FixedPoint;

/** Two values element by element, in the order in which they lie if that is the same. */
final class CombinedLowering {
  /** The greatest factor of an operand: the sum of two differences of codes so often fits. */
  private static final int UNIT = 1 << 22;

  private static final int MOST_DIMENSIONS = 4;

  private final Graph graph;
  private final LaneSite site;
  private final Placements placements;
  private final LaneLowering lanes;

  CombinedLowering(Graph graph, LaneSite site, Placements placements, LaneLowering lanes) {
    this.graph = graph;
    this.site = site;
    this.placements = placements;
    this.lanes = lanes;
  }

  Placed lower(Node node, LanePlan.Combined plan) {
    String value = node.output();
    Shape shape = graph.type(value).shape();
    Constant left = graph.constants().get(plan.left());
    Constant right = graph.constants().get(plan.right());
    Constant constant = left == null ? right : left;
    if (constant == null) {
      Placed l = lanes.placed(plan.left());
      Placed r = lanes.placed(plan.right());
      boolean whole = covers(plan.left(), shape) && covers(plan.right(), shape);
      if (whole && l.like(r) && l.permutes()) {
        return emitted(node, plan, l.tensor(), r.tensor(), l);
      }
    } else {
      String other = left == null ? plan.left() : plan.right();
      Placed placed = lanes.placed(other);
      if (covers(other, shape) && placed.permutes()) {
        Tensor data = beside(placed, constant, shape, node);
        return left == null
            ? emitted(node, plan, placed.tensor(), data, placed)
            : emitted(node, plan, data, placed.tensor(), placed);
      }
    }
    return grouped(node, plan, shape);
  }

  private boolean covers(String operand, Shape shape) {
    return graph.type(operand).shape().elements() == shape.elements();
  }

  /** A constant in the order of a tensor, with one element along axes where it does not vary. */
  private Tensor beside(Placed placed, Constant constant, Shape shape, Node node) {
    float[] given = constant.floats();
    int[] index = broadcast(constant.shape(), shape);
    int[] inverse = placed.inverse();
    float[] values = new float[inverse.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = given[index[inverse[i]]];
    }
    ImageView view = ImageView.of(placed.tensor());
    int[] lengths = {view.n(), view.c(), view.h(), view.w()};
    int inner = 1;
    for (int d = Axis.values().length - 1; d >= 0; d--) {
      float[] once = first(values, lengths[d], inner);
      if (once.length < values.length && Arrays.equals(repeated(once, lengths[d], inner), values)) {
        values = once;
        lengths[d] = 1;
      }
      inner *= lengths[d];
    }
    return placements.data(
        values,
        new ImageView(lengths[0], lengths[1], lengths[2], lengths[3]),
        node.source(),
        node.output() + "/data");
  }

  /** The first of {@code length} places of a dimension. */
  private static float[] first(float[] values, int length, int inner) {
    float[] once = new float[values.length / length];
    for (int i = 0; i < once.length; i++) {
      once[i] = values[i / inner * length * inner + i % inner];
    }
    return once;
  }

  private static float[] repeated(float[] once, int length, int inner) {
    float[] values = new float[once.length * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = once[i / (length * inner) * inner + i % inner];
    }
    return values;
  }

  /** Which element of an operand each element of the result takes. */
  static int[] broadcast(Shape from, Shape to) {
    int[] index = new int[Math.toIntExact(to.elements())];
    int ahead = to.rank() - from.rank();
    for (int i = 0; i < index.length; i++) {
      int rest = i;
      int stride = 1;
      for (int d = to.rank() - 1; d >= ahead; d--) {
        int length = from.dim(d - ahead);
        index[i] += length == 1 ? 0 : rest % to.dim(d) * stride;
        stride *= length;
        rest /= to.dim(d);
      }
    }
    return index;
  }

  /** Both operands in their own order, in dimensions that they share. */
  private Placed grouped(Node node, LanePlan.Combined plan, Shape shape) {
    Shape left = aligned(plan.left(), shape);
    Shape right = aligned(plan.right(), shape);
    List<Integer> ends = ends(shape, left, right);
    boolean expanded = ends.size() > MOST_DIMENSIONS;
    Tensor l = operand(plan.left(), node, shape, expanded ? null : view(left, ends));
    Tensor r = operand(plan.right(), node, shape, expanded ? null : view(right, ends));
    ImageView view = expanded ? ImageView.of(shape) : view(shape, ends);
    Placed like = Placed.whole(new Tensor("", view.n(), view.c(), view.h(), view.w(), 1, 0));
    return emitted(node, plan, l, r, like);
  }

  private Tensor operand(
      String value, Node node, Shape shape, @org.jspecify.annotations.Nullable ImageView view) {
    Constant constant = graph.constants().get(value);
    Shape own = graph.type(value).shape();
    if (constant != null) {
      ImageView dims = view == null ? ImageView.of(shape) : view;
      float[] given = constant.floats();
      int[] index = broadcast(own, view == null ? shape : own);
      float[] values = new float[index.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = given[index[i]];
      }
      return placements.data(values, dims, node.source(), node.output() + "/data");
    }
    Placed placed = lanes.placed(value);
    String name = site.unique(value + "/operand");
    return view == null
        ? placements.brought(
            placed.then(broadcast(own, shape)), shape, ImageView.of(shape), node.source(), name, 0)
        : placements.brought(placed, own, view, node.source(), name, 0);
  }

  private Shape aligned(String value, Shape shape) {
    Shape own = graph.type(value).shape();
    List<Integer> dims = new ArrayList<>(Collections.nCopies(shape.rank() - own.rank(), 1));
    dims.addAll(own.dims());
    return new Shape(dims);
  }

  /** Where groups of dimensions end: all of them up to rank 4, else those that repeat alike. */
  private static List<Integer> ends(Shape shape, Shape left, Shape right) {
    List<Integer> ends = new ArrayList<>();
    int before = -1;
    for (int d = 0; d < shape.rank(); d++) {
      int pattern = (left.dim(d) == 1 ? 1 : 0) + (right.dim(d) == 1 ? 2 : 0);
      boolean any = shape.rank() > MOST_DIMENSIONS && (shape.dim(d) == 1 || pattern == before);
      if (any && !ends.isEmpty()) {
        ends.removeLast();
      }
      before = shape.dim(d) == 1 && !ends.isEmpty() && any ? before : pattern;
      ends.add(d + 1);
    }
    return ends;
  }

  private static ImageView view(Shape shape, List<Integer> ends) {
    if (shape.rank() <= MOST_DIMENSIONS) {
      return ImageView.of(shape);
    }
    int[] lengths = new int[MOST_DIMENSIONS];
    Arrays.fill(lengths, 1);
    int from = 0;
    for (int i = 0; i < ends.size(); i++) {
      lengths[MOST_DIMENSIONS - ends.size() + i] =
          Math.toIntExact(shape.product(from, ends.get(i)));
      from = ends.get(i);
    }
    return new ImageView(lengths[0], lengths[1], lengths[2], lengths[3]);
  }

  private Placed emitted(Node node, LanePlan.Combined plan, Tensor l, Tensor r, Placed like) {
    Tensor y = lanes.result(node.output(), like);
    boolean product = plan.kind() == LaneLayer.Combination.MULTIPLY;
    double unit = product ? 1 : Math.max(l.scale(), r.scale()) / UNIT;
    int right = product ? 1 : (int) Math.rint(r.scale() / unit);
    FixedPoint.Scale scale =
        ConvolutionLowering.multiplier((product ? l.scale() * r.scale() : unit) / y.scale(), 0);
    Activation.Clamp clamp = plan.clamp();
    site.add(
        new LaneLayer.Elementwise(
            node.name(),
            node.source(),
            plan.kind(),
            l,
            r,
            product ? 1 : (int) Math.rint(l.scale() / unit),
            plan.negative() ? -right : right,
            scale.multiplier(),
            scale.shift(),
            ConvolutionLowering.code(clamp.min(), y),
            ConvolutionLowering.code(clamp.max(), y),
            y));
    return new Placed(y, like.order());
  }
}
