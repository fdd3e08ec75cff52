// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lockstep.arch.UserError;
import lockstep.compiler.graph.Activation;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/** One ONNX node in the graph's own operators, or unchanged where there is no such form. */
final class OperatorForms {
  /** Where ONNX Runtime keeps operators of its own. */
  static final String CONTRIBUTED = "com.microsoft";

  private static final Set<String> QUANTISERS = Set.of("QuantizeLinear", "DequantizeLinear");

  private final ResolveOperators graph;
  private final Node node;
  private final Op.Foreign op;
  private final NodeAttributes attributes;

  OperatorForms(ResolveOperators graph, Node node, Op.Foreign op) {
    this.graph = graph;
    this.node = node;
    this.op = op;
    this.attributes = new NodeAttributes(node, op);
  }

  List<Node> resolve() {
    List<Node> parts = new OptimiserForms(graph, node, op).resolve();
    if (parts != null) {
      return parts;
    }
    boolean known =
        op.domain().isEmpty()
            || (op.domain().equals(CONTRIBUTED) && QUANTISERS.contains(op.type()));
    if (!known || node.inputs().isEmpty() || node.input().isEmpty()) {
      return List.of(node);
    }
    List<Node> form =
        switch (op.type()) {
          case "Conv" -> floatInput() ? one(new ImageForms(graph, node, attributes).conv()) : null;
          case "MaxPool" ->
              single() && floatInput()
                  ? one(new ImageForms(graph, node, attributes).maxPool())
                  : null;
          case "AveragePool" -> one(new ImageForms(graph, node, attributes).averagePool());
          case "GlobalAveragePool" -> one(new ImageForms(graph, node, attributes).globalAverage());
          case "ReduceMean" -> floatInput() ? spatialMean() : null;
          case "GlobalMaxPool" -> one(new ImageForms(graph, node, attributes).globalMax());
          case "Gemm" ->
              floatInput()
                  ? one(
                      new Op.Gemm(
                          attributes.real("alpha", 1),
                          attributes.real("beta", 1),
                          attributes.flag("transA"),
                          attributes.flag("transB")))
                  : null;
          case "MatMul" -> floatInput() ? one(new Op.MatMul()) : null;
          case "Add" -> floatInput() ? elementwise(new Op.Add()) : null;
          case "Mul" -> floatInput() ? elementwise(new Op.Mul()) : null;
          case "Sub" -> floatInput() ? withConstant(new Op.Add(), x -> -x) : null;
          case "Div" -> floatInput() ? withConstant(new Op.Mul(), x -> 1 / x) : null;
          case "Sum" -> one(node.inputs().size() == 1 ? new Op.Identity() : new Op.Add());
          case "Relu" -> floatInput() ? one(new Op.Activate(Activation.RELU)) : null;
          case "Clip" -> one(clip());
          case "LeakyRelu" -> one(leaky());
          case "Concat" -> one(new Op.Concat(axis((int) attributes.integer("axis", 1), rank())));
          case "Pad" -> one(pad());
          case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> one(reshape());
          case "Transpose" -> one(new Op.Transpose(permutation()));
          case "BatchNormalization" -> one(normalisation());
          case "Identity" -> one(new Op.Identity());
          case "Dropout" -> dropout();
          case "ConstantOfShape" -> one(fill());
          case "QuantizeLinear" -> blocks() ? null : quantise();
          case "DequantizeLinear" -> blocks() ? null : one(new Op.Dequantise(axis()));
          case "Swish" -> swish();
          case "PRelu", "Pow" -> graph.opset() < 7 ? aligned() : null;
          default -> null;
        };
    return form != null ? form : List.of(node);
  }

  /** A scale for each block of an axis (opset 21), which the graph cannot say. */
  private boolean blocks() {
    return attributes.integer("block_size", 0) != 0;
  }

  /** Without zero points the type of the codes may be an attribute (opset 21). */
  private @Nullable List<Node> quantise() {
    Op form = new Op.Quantise(axis());
    int number = (int) attributes.integer("output_dtype", 0);
    if (number == 0 || node.inputs().size() > 2) {
      return one(form);
    }
    ElementType element = OnnxTensors.element(number);
    if (element == null) {
      return null;
    }
    Shape shape = graph.type(node.inputs().get(1)).shape();
    Constant zeros =
        new Constant.Integers(element, shape, new long[Math.toIntExact(shape.elements())]);
    String zero = graph.addConstant(node.output() + "/zero", zeros);
    List<String> inputs = List.of(node.input(), node.inputs().get(1), zero);
    return List.of(new Node(node.name(), form, inputs, node.outputs(), node.source()));
  }

  private int axis() {
    return (int) attributes.integer("axis", 1);
  }

  private @Nullable List<Node> one(@Nullable Op form) {
    return form == null
        ? null
        : List.of(
            new Node(
                node.name(), form, inputsOf(form), node.outputs().subList(0, 1), node.source()));
  }

  /** Inputs that became part of the operator are dropped, absent ones at the end as well. */
  private List<String> inputsOf(Op form) {
    return switch (form) {
      case Op.Reshape _, Op.Activate _, Op.Pad _, Op.Identity _ -> node.inputs().subList(0, 1);
      case Op _ -> node.inputs();
    };
  }

  private boolean single() {
    return node.outputs().size() == 1 || !graph.isUsed(node.outputs().get(1));
  }

  private boolean floatInput() {
    return graph.type(node.input()).element() == ElementType.FLOAT;
  }

  private int rank() {
    return graph.type(node.input()).shape().rank();
  }

  private static int axis(int axis, int rank) {
    return axis < 0 ? axis + rank : axis;
  }

  /** Before opset 7 the second operand could be aligned at an axis instead of the end. */
  private List<Node> elementwise(Op form) {
    Shape b = graph.type(node.inputs().get(1)).shape();
    long axis = attributes.integer("axis", -1);
    if (graph.opset() >= 7 || axis < 0 || axis + b.rank() == rank()) {
      return List.of(new Node(node.name(), form, node.inputs(), node.outputs(), node.source()));
    }
    List<Integer> dims = new ArrayList<>(b.dims());
    dims.addAll(Collections.nCopies(rank() - (int) axis - b.rank(), 1));
    String aligned = node.output() + "/aligned";
    return List.of(
        new Node(
            aligned,
            new Op.Reshape(new Shape(dims)),
            List.of(node.inputs().get(1)),
            List.of(aligned),
            node.source()),
        new Node(node.name(), form, List.of(node.input(), aligned), node.outputs(), node.source()));
  }

  /** An operator that stays, with its second operand in the shape that opset 7 asks for. */
  private List<Node> aligned() {
    Shape b = graph.type(node.inputs().get(1)).shape();
    long axis = attributes.integer("axis", op.type().equals("PRelu") ? 1 : -1);
    SortedMap<String, Attribute> kept = new TreeMap<>(op.attributes());
    kept.remove("axis");
    kept.remove("broadcast");
    Node plain = node.with(new Op.Foreign(op.type(), op.domain(), kept));
    int trailing = rank() - (int) axis - b.rank();
    if (axis < 0 || trailing <= 0 || b.elements() == 1) {
      return List.of(plain);
    }
    List<Integer> dims = new ArrayList<>(b.dims());
    dims.addAll(Collections.nCopies(trailing, 1));
    String reshaped = node.output() + "/aligned";
    return List.of(
        new Node(
            reshaped,
            new Op.Reshape(new Shape(dims)),
            List.of(node.inputs().get(1)),
            List.of(reshaped),
            node.source()),
        plain.withInputs(List.of(node.input(), reshaped)));
  }

  private interface Scalar {
    float apply(float x);
  }

  private List<Node> withConstant(Op form, Scalar change) {
    Constant constant = graph.constant(node.inputs().get(1));
    if (constant == null || (graph.opset() < 7 && attributes.integer("axis", -1) >= 0)) {
      return graph.opset() < 7 ? aligned() : List.of(node);
    }
    float[] changed = constant.floats().clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] = change.apply(changed[i]);
    }
    String name =
        graph.addConstant(
            node.output() + "/operand", new Constant.Floats(constant.shape(), changed));
    return List.of(
        new Node(node.name(), form, List.of(node.input(), name), node.outputs(), node.source()));
  }

  private @Nullable Op clip() {
    double[] bounds = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    if (!floatInput()) {
      return null;
    }
    if (graph.opset() < 11) {
      bounds[0] = attributes.real("min", -Float.MAX_VALUE);
      bounds[1] = attributes.real("max", Float.MAX_VALUE);
    }
    for (int i = 1; i < node.inputs().size() && graph.opset() >= 11; i++) {
      if (!node.inputs().get(i).isEmpty()) {
        Constant bound = graph.constant(node.inputs().get(i));
        if (bound == null) {
          return null;
        }
        bounds[i - 1] = bound.floats()[0];
      }
    }
    for (int i = 0; i < 2; i++) {
      if (Math.abs(bounds[i]) >= Float.MAX_VALUE) {
        bounds[i] = i == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
    }
    return bounds[0] > bounds[1]
        ? null
        : new Op.Activate(new Activation.Clamp(bounds[0], bounds[1]));
  }

  private @Nullable Op leaky() {
    float slope = attributes.real("alpha", 0.01f);
    return slope >= 0 && slope < 2 ? new Op.Activate(new Activation.Leaky(slope)) : null;
  }

  private @Nullable Op pad() {
    List<Long> pads = attributes.integers("pads", null);
    double value = attributes.real("value", 0);
    String mode = attributes.text("mode", "constant");
    List<Integer> axes = IntStream.range(0, rank()).boxed().toList();
    if (!mode.equals("constant") || !floatInput()) {
      return null;
    }
    if (graph.opset() >= 11) {
      pads = integers(1);
      if (node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()) {
        Constant fill = graph.constant(node.inputs().get(2));
        if (fill == null) {
          return null;
        }
        value = fill.floats()[0];
      }
      List<Long> chosen = integers(3);
      axes = chosen == null ? axes : chosen.stream().map(a -> axis(a.intValue(), rank())).toList();
    }
    if (pads == null) {
      return null;
    }
    List<Integer> begins = new ArrayList<>(Collections.nCopies(rank(), 0));
    List<Integer> ends = new ArrayList<>(begins);
    for (int i = 0; i < axes.size(); i++) {
      begins.set(axes.get(i), pads.get(i).intValue());
      ends.set(axes.get(i), pads.get(i + axes.size()).intValue());
    }
    return new Op.Pad(begins, ends, (float) value);
  }

  private @Nullable List<Long> integers(int input) {
    if (node.inputs().size() <= input || node.inputs().get(input).isEmpty()) {
      return null;
    }
    return graph.constant(node.inputs().get(input)) instanceof Constant.Integers c
        ? java.util.Arrays.stream(c.values()).boxed().toList()
        : null;
  }

  private @Nullable Op reshape() {
    Shape x = graph.type(node.input()).shape();
    List<Long> numbers =
        switch (op.type()) {
          case "Flatten" -> {
            int axis = axis((int) attributes.integer("axis", 1), x.rank());
            yield List.of(x.product(0, axis), x.product(axis, x.rank()));
          }
          case "Squeeze" -> squeezed(x, attributes.integers("axes", integers(1)));
          case "Unsqueeze" -> unsqueezed(x, attributes.integers("axes", integers(1)));
          default -> integers(1);
        };
    if (numbers == null) {
      return null;
    }
    if (op.type().equals("Reshape")) {
      numbers = completed(x, numbers);
    }
    return new Op.Reshape(Shape.of(numbers.stream().mapToLong(Long::longValue).toArray()));
  }

  private List<Long> completed(Shape x, List<Long> asked) {
    List<Long> dims = new ArrayList<>(asked);
    int open = dims.indexOf(-1L);
    long known = 1;
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) == 0 && !attributes.flag("allowzero") && i < x.rank()) {
        dims.set(i, (long) x.dim(i));
      }
      known *= i == open ? 1 : dims.get(i);
    }
    if (open >= 0) {
      dims.set(open, known == 0 ? 0 : x.elements() / known);
    }
    if (dims.stream().anyMatch(d -> d < 0)) {
      throw new UserError(
          "node '" + node.name() + "' (Reshape): shape " + asked + " has two open dimensions");
    }
    return dims;
  }

  private static List<Long> squeezed(Shape x, @Nullable List<Long> axes) {
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      boolean drop =
          axes == null
              ? x.dim(i) == 1
              : axes.contains((long) i) || axes.contains((long) i - x.rank());
      if (!drop) {
        dims.add((long) x.dim(i));
      }
    }
    return dims;
  }

  private static @Nullable List<Long> unsqueezed(Shape x, @Nullable List<Long> axes) {
    if (axes == null) {
      return null;
    }
    int rank = x.rank() + axes.size();
    List<Long> dims = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rank; i++) {
      boolean added = axes.contains((long) i) || axes.contains((long) i - rank);
      dims.add(added ? 1L : x.dim(next++));
    }
    return dims;
  }

  private List<Integer> permutation() {
    List<Long> given = attributes.integers("perm", null);
    return given != null
        ? given.stream().map(Long::intValue).toList()
        : IntStream.range(0, rank()).map(i -> rank() - 1 - i).boxed().toList();
  }

  private @Nullable Op normalisation() {
    boolean training =
        attributes.flag("training_mode") || (graph.opset() < 7 && !attributes.flag("is_test"));
    if (training) {
      throw ForeignTypes.unsupported(
          node, op, "it is in training mode; export the model for inference");
    }
    return attributes.integer("spatial", 1) == 1 && rank() >= 2
        ? new Op.BatchNormalization(attributes.real("epsilon", 1e-5f))
        : null;
  }

  /** The mean over all of height and width, as exporters also write a global average. */
  private @Nullable List<Node> spatialMean() {
    Shape x = graph.type(node.input()).shape();
    List<Long> axes = attributes.integers("axes", integers(1));
    if (axes == null || x.rank() < 3 || x.rank() > 4) {
      return null;
    }
    List<Long> spatial =
        axes.stream().map(a -> (long) axis(a.intValue(), x.rank())).sorted().toList();
    Op average = new ImageForms(graph, node, attributes).globalAverage();
    if (average == null || !spatial.equals(x.rank() == 4 ? List.of(2L, 3L) : List.of(2L))) {
      return null;
    }
    List<String> inputs = node.inputs().subList(0, 1);
    if (attributes.integer("keepdims", 1) == 1) {
      return List.of(new Node(node.name(), average, inputs, node.outputs(), node.source()));
    }
    String kept = node.output() + "/kept";
    return List.of(
        new Node(kept, average, inputs, List.of(kept), node.source()),
        new Node(
            node.name(),
            new Op.Reshape(Shape.of(x.dim(0), x.dim(1))),
            List.of(kept),
            node.outputs(),
            node.source()));
  }

  /** By the name that ONNX Runtime has for it. */
  private List<Node> swish() {
    SortedMap<String, Attribute> slope = new TreeMap<>();
    slope.put("alpha", new Attribute.Real(attributes.real("alpha", 1)));
    return List.of(node.with(new Op.Foreign("QuickGelu", CONTRIBUTED, slope)));
  }

  private @Nullable List<Node> dropout() {
    return single() ? one(new Op.Identity()) : null;
  }

  private @Nullable Op fill() {
    Attribute value = op.attributes().get("value");
    if (value instanceof Attribute.Tensor tensor) {
      return tensor.value().element() == ElementType.FLOAT && knownShape()
          ? new Op.ConstantOfShape(tensor.value().floats()[0])
          : null;
    }
    return knownShape() ? new Op.ConstantOfShape(0) : null;
  }

  private boolean knownShape() {
    return graph.constant(node.input()) != null;
  }
}
