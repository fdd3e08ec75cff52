// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Encoding;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.ImageView;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.network.Axis;
import lockstep.compiler.network.LaneLayer;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.network.Window;
import lockstep.isa.FixedPoint;

/**
 * Makes values by their {@link LanePlan}s when they are asked for. Elements stay where they are as
 * long as nothing needs them elsewhere, see {@link Placed}.
 */
final class LaneLowering {
  private final Graph graph;
  private final Encodings encodings;
  private final LaneSite site;
  private final Placements placements;
  private final CombinedLowering combined;
  private final IntegerLowering integers;
  private final Map<String, LanePlan> plans;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, Placed> placed = new HashMap<>();

  LaneLowering(Graph graph, Encodings encodings, Map<String, LanePlan> plans, LaneSite site) {
    this.graph = graph;
    this.encodings = encodings;
    this.plans = plans;
    this.site = site;
    placements = new Placements(site);
    combined = new CombinedLowering(graph, site, placements, this);
    integers = new IntegerLowering(site, placements, this);
    graph.nodes().forEach(n -> n.outputs().forEach(o -> producers.put(o, n)));
  }

  /** A value that has a tensor already, whatever its plan. */
  void given(String value, Tensor tensor) {
    placed.put(value, Placed.whole(tensor));
  }

  /** Whether a value is made here. */
  boolean makes(String value) {
    return plans.containsKey(value);
  }

  /** A value's tensor in the image view of its shape and in its own encoding. */
  Tensor tensor(String value) {
    Node node = Objects.requireNonNull(producers.get(value), value);
    Placed at = placed(value);
    Shape shape = graph.type(value).shape();
    boolean coded = at.tensor().encoding().equals(encodings.of(value));
    Tensor brought =
        placements.brought(
            at,
            shape,
            ImageView.of(shape),
            node.source(),
            coded ? value : site.unique(value + "/moved"),
            0);
    return placements.encoded(brought, encodings.of(value), node.source(), coded ? null : value);
  }

  /** Where a value's elements are, in whatever encoding. */
  Placed placed(String value) {
    Placed known = placed.get(value);
    if (known == null) {
      LanePlan plan = plans.get(value);
      known = plan == null ? Placed.whole(site.require(value)) : lower(value, plan);
      placed.put(value, known);
    }
    return known;
  }

  private Placed lower(String value, LanePlan plan) {
    Node node = Objects.requireNonNull(producers.get(value), value);
    return switch (plan) {
      case LanePlan.Function f -> function(node, f.function());
      case LanePlan.Combined c -> combined.lower(node, c);
      case LanePlan.Moved m -> moved(node, value, m);
      case LanePlan.Joined j -> joined(node, j);
      case LanePlan.Reduced r -> reduced(node, r);
      case LanePlan.Softmax s -> softmax(node, s);
      case LanePlan.Windowed w -> windowed(node, w);
      case LanePlan.Pooled p -> pooled(node, p);
      case LanePlan.Normalised n -> normalised(node, n);
      case LanePlan.Chosen c -> integers.chosen(node, c, written(c.indices()));
      case LanePlan.Converted c -> integers.converted(node, c, written(c.integers()));
    };
  }

  /** The tensor of integers that the caller writes and that a value has in the same order. */
  private Tensor written(String value) {
    String at = value;
    while (!placed.containsKey(at)) {
      at = Objects.requireNonNull(producers.get(at), at).input();
    }
    return Objects.requireNonNull(placed.get(at)).tensor();
  }

  /**
   * A tensor for a value that lies as another one does. It has the value's name only if its
   * elements are in the value's order.
   */
  Tensor result(String value, Placed like) {
    Tensor t = like.tensor();
    Encoding q = encodings.of(value);
    boolean own =
        like.order() == null && ImageView.of(t).equals(ImageView.of(graph.type(value).shape()));
    String name = own ? value : site.unique(value + "/placed");
    return new Tensor(name, t.n(), t.c(), t.h(), t.w(), q.scale(), q.zeroPoint(), q.bits(), null);
  }

  /** The value where it has each element of its tensor once. */
  private Placed permuted(String value) {
    Placed at = placed(value);
    if (at.permutes()) {
      return at;
    }
    Shape shape = graph.type(value).shape();
    List<String> source = Objects.requireNonNull(producers.get(value), value).source();
    String name = site.unique(value + "/moved");
    Tensor own = placements.brought(at, shape, ImageView.of(shape), source, name, 0);
    placed.put(value, Placed.whole(own));
    return Placed.whole(own);
  }

  private Placed function(Node node, CodeFunction function) {
    Placed from = permuted(function.root());
    Tensor y = result(node.output(), from);
    byte[] table = function.table(from.tensor(), y.encoding());
    site.add(new LaneLayer.Lookup(node.name(), node.source(), from.tensor(), table, y));
    return new Placed(y, from.order());
  }

  private Placed moved(Node node, String value, LanePlan.Moved plan) {
    Placed from = placed(plan.input());
    Encoding own = encodings.of(value);
    boolean fills = plan.index() != null && Arrays.stream(plan.index()).anyMatch(i -> i < 0);
    if (encodings.prescribed(value) || (fills && plan.fill() != 0)) {
      Tensor coded = placements.encoded(from.tensor(), own, node.source(), null);
      from = new Placed(coded, from.order());
    }
    if (!fills) {
      return from.then(plan.index());
    }
    int[] index = Objects.requireNonNull(plan.index()).clone();
    for (int i = 0; i < index.length; i++) {
      index[i] = index[i] < 0 ? -1 : from.at(index[i]);
    }
    Shape shape = graph.type(value).shape();
    Tensor x = from.tensor();
    ImageView view = ImageView.of(shape);
    String name = x.encoding().equals(own) ? value : site.unique(value + "/placed");
    return Placed.whole(
        placements.brought(
            new Placed(x, index), shape, view, node.source(), name, x.encode(plan.fill())));
  }

  private Placed joined(Node node, LanePlan.Joined plan) {
    String value = node.output();
    Shape shape = graph.type(value).shape();
    Axis axis = axis(plan.axis(), shape.rank());
    Encoding q = encodings.of(value);
    List<Tensor> inputs = new ArrayList<>();
    for (String input : plan.inputs()) {
      Shape own = graph.type(input).shape();
      ImageView view = axis == null ? lines(own, plan.axis()) : ImageView.of(own);
      Constant constant = graph.constants().get(input);
      if (own.elements() == 0) {
        continue;
      }
      if (constant != null) {
        inputs.add(placements.data(constant.floats(), view, q, node.source(), value + "/data"));
        continue;
      }
      String name = site.unique(value + "/part");
      Tensor part = placements.brought(placed(input), own, view, node.source(), name, 0);
      inputs.add(placements.encoded(part, q, node.source(), null));
    }
    ImageView view = axis == null ? lines(shape, plan.axis()) : ImageView.of(shape);
    Tensor like = new Tensor("", view.n(), view.c(), view.h(), view.w(), 1, 0);
    Tensor y = result(value, Placed.whole(like));
    site.add(
        axis == null || axis == Axis.C
            ? new Layer.Concat(node.name(), node.source(), inputs, y)
            : new LaneLayer.Join(node.name(), node.source(), inputs, axis, y));
    return Placed.whole(y);
  }

  /** The axis of the image view along which joining joins a dimension; null if there is none. */
  private static @org.jspecify.annotations.Nullable Axis axis(int dimension, int rank) {
    if (dimension == 0) {
      return rank == 1 ? Axis.C : Axis.N;
    }
    return dimension == 1
        ? Axis.C
        : dimension == rank - 1 ? Axis.W : dimension == 2 ? Axis.H : null;
  }

  /** A dimension as channels, those before it as images. */
  private static ImageView lines(Shape shape, int axis) {
    return new ImageView(
        Math.toIntExact(shape.product(0, axis)),
        shape.dim(axis),
        1,
        Math.toIntExact(shape.product(axis + 1, shape.rank())));
  }

  private Placed reduced(Node node, LanePlan.Reduced plan) {
    Shape shape = graph.type(plan.input()).shape();
    Placed from = permuted(plan.input());
    BaseAxes base = BaseAxes.of(from, shape, plan.reduced());
    if (base == null) {
      Rows rows = rows(plan.input(), plan.reduced(), node);
      from = rows.at();
      base = rows.base();
    }
    if (base.axes().isEmpty()) {
      return from;
    }
    Tensor x = from.tensor();
    int[] lengths = new int[Axis.values().length];
    int elements = 1;
    for (Axis axis : Axis.values()) {
      lengths[axis.ordinal()] = base.axes().contains(axis) ? 1 : axis.length(x);
      elements *= lengths[axis.ordinal()];
    }
    int[] order = new int[elements];
    int next = 0;
    for (int i = 0; i < base.groups().length; i++) {
      if (base.origin(x, i) == i) {
        order[base.groups()[i]] = next++;
      }
    }
    Tensor like = new Tensor("", lengths[0], lengths[1], lengths[2], lengths[3], 1, 0);
    Placed at = Placed.of(like, order);
    Tensor y = result(node.output(), at);
    FixedPoint.Scale scale =
        ConvolutionLowering.multiplier(x.scale() * plan.factor() / y.scale(), 0);
    site.add(
        new LaneLayer.Reduce(
            node.name(),
            node.source(),
            plan.kind(),
            x,
            base.axes(),
            scale.multiplier(),
            scale.shift(),
            y.least(),
            y.greatest(),
            y));
    return new Placed(y, at.order());
  }

  private Rows rows(String value, boolean[] rows, Node node) {
    String name = site.unique(value + "/rows");
    Shape shape = graph.type(value).shape();
    return Rows.of(permuted(value), shape, rows, placements, node.source(), name);
  }

  private Placed softmax(Node node, LanePlan.Softmax plan) {
    Rows rows = rows(plan.input(), plan.rows(), node);
    Tensor y = result(node.output(), rows.at());
    site.add(
        new LaneLayer.Softmax(
            node.name(), node.source(), rows.at().tensor(), rows.axis(), plan.logarithm(), y));
    return new Placed(y, rows.at().order());
  }

  private Placed normalised(Node node, LanePlan.Normalised plan) {
    Rows rows = rows(plan.input(), plan.rows(), node);
    Tensor y = result(node.output(), rows.at());
    Encoding own = encodings.of(plan.input());
    site.add(
        new LaneLayer.Normalisation(
            node.name(),
            node.source(),
            placements.encoded(rows.at().tensor(), own, node.source(), null),
            rows.axis(),
            plan.centred(),
            rows.along(plan.gamma()),
            rows.along(plan.beta()),
            plan.epsilon(),
            y));
    return new Placed(y, rows.at().order());
  }

  /** The taps of a window as a tensor of their own. */
  private Tensor taps(Node node, String input, int[] index, ImageView view, int fill) {
    Placed from = permuted(input);
    int[] places = new int[index.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = index[i] < 0 ? -1 : from.at(index[i]);
    }
    Shape shape = Shape.of(view.n(), view.c(), view.h(), view.w());
    String name = site.unique(node.output() + "/taps");
    return placements.brought(
        new Placed(from.tensor(), places), shape, view, node.source(), name, fill);
  }

  private Placed windowed(Node node, LanePlan.Windowed plan) {
    Shape shape = graph.type(plan.input()).shape();
    ImageView out = ImageView.of(graph.type(node.output()).shape());
    ImageView view = new ImageView(out.n(), shape.dim(1) * plan.taps(), out.h(), out.w());
    int zero = permuted(plan.input()).tensor().zeroPoint();
    Tensor taps = taps(node, plan.input(), plan.index(), view, zero);
    Placed like = Placed.whole(new Tensor("", out.n(), out.c(), out.h(), out.w(), 1, 0));
    Tensor y = result(node.output(), like);
    site.add(
        ConvolutionLowering.lower(
            node,
            new Op.Conv(Window.POINT, plan.groups()),
            plan.weights(),
            plan.bias(),
            taps,
            null,
            y,
            site.choices(node)));
    return Placed.whole(y);
  }

  private Placed pooled(Node node, LanePlan.Pooled plan) {
    ImageView out = ImageView.of(graph.type(node.output()).shape());
    int planes = out.n() * out.c();
    int places = out.h() * out.w();
    Tensor from = permuted(plan.input()).tensor();
    int fill = plan.kind() == LaneLayer.Gathering.SUM ? from.zeroPoint() : from.least();
    ImageView view = new ImageView(planes, 1, plan.taps(), places);
    Tensor x = taps(node, plan.input(), plan.index(), view, fill);
    Placed like = Placed.whole(new Tensor("", planes, 1, 1, places, 1, 0));
    Tensor y = result(node.output(), like);
    FixedPoint.Scale scale =
        ConvolutionLowering.multiplier(x.scale() * plan.factor() / y.scale(), 0);
    site.add(
        new LaneLayer.Reduce(
            node.name(),
            node.source(),
            plan.kind(),
            x,
            List.of(Axis.H),
            scale.multiplier(),
            scale.shift(),
            y.least(),
            y.greatest(),
            y));
    return Placed.whole(y);
  }
}
