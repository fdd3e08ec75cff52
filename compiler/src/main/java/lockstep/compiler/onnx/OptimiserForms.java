// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What ONNX Runtime's optimiser writes, in the operators that it was made of (definitions: ONNX
 * Runtime, docs/ContribOperators.md), so that products, biases and sums reach the machine.
 *
 * <pre>
 * x, bias -> BiasGelu, FastGelu          becomes  x + bias -> Gelu, FastGelu
 * x, skip, ... -> SkipLayerNormalization becomes  x + skip (+ bias) -> LayerNormalization
 * x, weights -> Attention                becomes  x weights + bias -> q, k, v -> as below
 * q, k, v -> MultiHeadAttention          becomes  heads of q, k, v (+ bias)
 *   -> Softmax(scale q kᵀ + mask) v -> heads side by side
 * </pre>
 *
 * <p>A node stays as it is where it has a past, a mask other than one number for each key, rotary
 * embedding or packed operands, or where another output than the result is read.
 */
final class OptimiserForms {
  private static final String DOMAIN = "com.microsoft";

  /** Added to what a causal mask hides: its exponential is zero in floats. */
  private static final float HIDDEN = -1e9f;

  /** Slice takes its numbers as inputs from here on. */
  private static final int LEAST_OPSET = 10;

  private final ResolveOperators graph;
  private final Node node;
  private final Op.Foreign op;
  private final NodeAttributes attributes;
  private final List<Node> nodes = new ArrayList<>();

  OptimiserForms(ResolveOperators graph, Node node, Op.Foreign op) {
    this.graph = graph;
    this.node = node;
    this.op = op;
    attributes = new NodeAttributes(node, op);
  }

  /** The nodes instead; null where the node stays. */
  @Nullable List<Node> resolve() {
    if (!op.domain().equals(DOMAIN) || graph.opset() < LEAST_OPSET || !(has(0) && has(1))) {
      return null;
    }
    return switch (op.type()) {
      case "BiasGelu" -> biased("Gelu");
      case "FastGelu" -> biased("FastGelu");
      case "SkipLayerNormalization" -> skipNormalisation();
      case "Attention" -> attention();
      case "MultiHeadAttention" -> multiHead();
      default -> null;
    };
  }

  private boolean has(int input) {
    return input < node.inputs().size() && !node.inputs().get(input).isEmpty();
  }

  private boolean hasAny(int... inputs) {
    for (int input : inputs) {
      if (has(input)) {
        return true;
      }
    }
    return false;
  }

  private String in(int input) {
    return node.inputs().get(input);
  }

  private Shape shape(int input) {
    return graph.type(in(input)).shape();
  }

  private boolean reads(int output) {
    return output < node.outputs().size() && graph.isUsed(node.outputs().get(output));
  }

  private String add(String hint, Op form, String... inputs) {
    String value = node.output() + "/" + hint;
    return addAs(value, form, inputs);
  }

  private String addAs(String value, Op form, String... inputs) {
    nodes.add(new Node(value, form, List.of(inputs), List.of(value), node.source()));
    return value;
  }

  private String constant(String hint, Constant value) {
    return graph.addConstant(node.output() + "/" + hint, value);
  }

  private String scalar(String hint, float value) {
    return constant(hint, new Constant.Floats(Shape.of(1), new float[] {value}));
  }

  private static Op.Foreign foreign(String type, String domain, Map<String, Attribute> given) {
    SortedMap<String, Attribute> sorted = new TreeMap<>(given);
    return new Op.Foreign(type, domain, sorted);
  }

  private List<Node> biased(String function) {
    String sum = add("biased", new Op.Add(), in(0), in(1));
    addAs(node.output(), foreign(function, DOMAIN, Map.of()), sum);
    return nodes;
  }

  private @Nullable List<Node> skipNormalisation() {
    if (reads(1) || reads(2) || !has(2)) {
      return null;
    }
    boolean shows = reads(3);
    String sum = node.output() + "/sum";
    String whole = shows ? node.outputs().get(3) : sum;
    if (has(4)) {
      String first = add("skipped", new Op.Add(), in(0), in(1));
      addAs(whole, new Op.Add(), first, in(4));
    } else {
      addAs(whole, new Op.Add(), in(0), in(1));
    }
    Op form =
        foreign(
            "LayerNormalization",
            "",
            Map.of(
                "axis",
                new Attribute.Int(-1),
                "epsilon",
                new Attribute.Real(attributes.real("epsilon", 1e-12f))));
    if (has(3)) {
      addAs(node.output(), form, whole, in(2), in(3));
    } else {
      addAs(node.output(), form, whole, in(2));
    }
    return nodes;
  }

  private @Nullable List<Node> attention() {
    boolean plain =
        shape(0).rank() == 3
            && shape(1).rank() == 2
            && !hasAny(4, 6)
            && !reads(1)
            && !attributes.flag("do_rotary");
    if (!plain || !masked(3)) {
      return null;
    }
    String product = add("product", new Op.MatMul(), in(0), in(1));
    String sum = has(2) ? add("biased", new Op.Add(), product, in(2)) : product;
    long third = shape(1).dim(1) / 3;
    List<Long> sizes = attributes.integers("qkv_hidden_sizes", List.of(third, third, third));
    if (sizes == null || sizes.size() != 3) {
      return null;
    }
    int length = shape(0).dim(1);
    int q = sizes.get(0).intValue();
    int k = sizes.get(1).intValue();
    int v = sizes.get(2).intValue();
    return attended(
        List.of(
            columns(sum, "q", 0, q),
            columns(sum, "k", q, q + k),
            columns(sum, "v", q + k, q + k + v)),
        new Sizes(shape(0).dim(0), length, length, q, v),
        has(3) ? in(3) : null,
        has(5) ? in(5) : null);
  }

  private @Nullable List<Node> multiHead() {
    boolean plain = has(1) && has(2) && !hasAny(6, 7, 8, 9) && !reads(1) && !reads(2) && !reads(3);
    if (!plain || !masked(4)) {
      return null;
    }
    Shape q = shape(0);
    Shape k = shape(1);
    Shape v = shape(2);
    if (q.rank() != 3 || k.rank() != 3 || v.rank() != 3) {
      return null;
    }
    List<String> operands = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < 3; i++) {
      int to = from + shape(i).dim(2);
      operands.add(
          has(3)
              ? add("biased" + i, new Op.Add(), in(i), range(in(3), "bias" + i, 0, from, to))
              : in(i));
      from = to;
    }
    return attended(
        operands,
        new Sizes(q.dim(0), q.dim(1), k.dim(1), q.dim(2), v.dim(2)),
        has(4) ? in(4) : null,
        has(5) ? in(5) : null);
  }

  /** Whether there is no mask, or one number for each key. */
  private boolean masked(int input) {
    return !has(input) || shape(input).rank() == 2;
  }

  private String columns(String value, String hint, int from, int to) {
    return range(value, hint, 2, from, to);
  }

  private String range(String value, String hint, int axis, int from, int to) {
    return add(
        hint,
        foreign("Slice", "", Map.of()),
        value,
        constant(hint + "/from", number(from)),
        constant(hint + "/to", number(to)),
        constant(hint + "/axis", number(axis)));
  }

  private static Constant number(int value) {
    return new Constant.Integers(ElementType.INT64, Shape.of(1), new long[] {value});
  }

  /**
   * Of one attention.
   *
   * @param width of queries and keys, all heads
   * @param valueWidth of values, all heads
   */
  private record Sizes(int batch, int queries, int keys, int width, int valueWidth) {}

  private List<Node> attended(
      List<String> qkv, Sizes s, @Nullable String mask, @Nullable String added) {
    int heads = (int) attributes.integer("num_heads", 1);
    int each = s.width() / heads;
    float scale = attributes.real("scale", 0);
    String q = turned(qkv.get(0), "q", s.queries(), heads, each, List.of(0, 2, 1, 3));
    String k = turned(qkv.get(1), "k", s.keys(), heads, each, List.of(0, 2, 3, 1));
    String v =
        turned(qkv.get(2), "v", s.keys(), heads, s.valueWidth() / heads, List.of(0, 2, 1, 3));
    String scores = add("scores", new Op.MatMul(), q, k);
    String factor = scalar("scale", scale == 0 ? (float) (1 / Math.sqrt(each)) : scale);
    String logits = add("scaled", new Op.Mul(), scores, factor);
    if (mask != null) {
      logits = add("masked", new Op.Add(), logits, filter(mask, s));
    }
    if (attributes.flag("unidirectional")) {
      logits = add("causal", new Op.Add(), logits, constant("triangle", triangle(s)));
    }
    if (added != null) {
      logits = add("added", new Op.Add(), logits, added);
    }
    String weights =
        add("weights", foreign("Softmax", "", Map.of("axis", new Attribute.Int(3))), logits);
    String mixed = add("mixed", new Op.MatMul(), weights, v);
    String back = add("back", new Op.Transpose(List.of(0, 2, 1, 3)), mixed);
    addAs(node.output(), new Op.Reshape(Shape.of(s.batch(), s.queries(), s.valueWidth())), back);
    return nodes;
  }

  private String turned(
      String value, String hint, int length, int heads, int each, List<Integer> order) {
    int batch = shape(0).dim(0);
    String apart =
        add(hint + "/heads", new Op.Reshape(Shape.of(batch, length, heads, each)), value);
    return add(hint + "/turned", new Op.Transpose(order), apart);
  }

  /** 0 for a key that is seen, the filter's value for one that is not. */
  private String filter(String mask, Sizes s) {
    String floats = add("mask", foreign("Cast", "", Map.of("to", new Attribute.Int(1))), mask);
    String less = add("mask/less", new Op.Add(), floats, scalar("mask/one", -1));
    float value = attributes.real("mask_filter_value", -10000);
    String times = add("mask/times", new Op.Mul(), less, scalar("mask/filter", -value));
    return add("mask/keys", new Op.Reshape(Shape.of(s.batch(), 1, 1, s.keys())), times);
  }

  private static Constant triangle(Sizes s) {
    float[] values = new float[s.queries() * s.keys()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % s.keys() <= i / s.keys() + s.keys() - s.queries() ? 0 : HIDDEN;
    }
    return new Constant.Floats(Shape.of(s.queries(), s.keys()), values);
  }
}
