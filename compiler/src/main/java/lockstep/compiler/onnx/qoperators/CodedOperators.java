// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx.qoperators;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Operators that take codes with their scales and zero points, and give codes.
 *
 * <pre>
 * QLinearConv(x, sx, zx, w, sw, zw, sy, zy, b)    becomes
 *
 * x -> DequantizeLinear(sx, zx) -+
 * w -> DequantizeLinear(sw, zw) -+-> Conv -> QuantizeLinear(sy, zy)
 * b -> DequantizeLinear(sx sw) --+
 * </pre>
 *
 * Codes that come from elsewhere than a quantiser (inputs of the model) and those that go elsewhere
 * than to a dequantiser pass one more pair, so that the float value between keeps their encoding.
 * Does not fire where a scale is not constant, or the type of the result is not known.
 */
final class CodedOperators {
  /**
   * Where an operator has its operands.
   *
   * @param real the operator on floats
   * @param operands how many triples of codes, scale, zero point there are; -1: all behind the
   *     result's
   * @param bias place of an int32 bias in the scale of the product, or -1
   * @param result place of the result's scale, before its zero point
   */
  private record Form(String real, int operands, int bias, int result) {}

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          entry("QLinearConv", new Form("Conv", 2, 8, 6)),
          entry("QLinearMatMul", new Form("MatMul", 2, -1, 6)),
          entry("com.microsoft.QGemm", new Form("Gemm", 2, 6, 7)),
          entry("com.microsoft.QLinearAdd", new Form("Add", 2, -1, 6)),
          entry("com.microsoft.QLinearMul", new Form("Mul", 2, -1, 6)),
          entry("com.microsoft.QLinearSigmoid", new Form("Sigmoid", 1, -1, 3)),
          entry("com.microsoft.QLinearLeakyRelu", new Form("LeakyRelu", 1, -1, 3)),
          entry("com.microsoft.QLinearAveragePool", new Form("AveragePool", 1, -1, 3)),
          entry("com.microsoft.QLinearGlobalAveragePool", new Form("GlobalAveragePool", 1, -1, 3)),
          entry("com.microsoft.QLinearConcat", new Form("Concat", -1, -1, 0)));

  /** Scale and zero point of codes, by name. */
  record Code(String scale, @Nullable String zero) {}

  private final Draft draft;
  private final Map<String, Code> known = new HashMap<>();

  CodedOperators(Draft draft) {
    this.draft = draft;
  }

  static boolean knows(String type) {
    return FORMS.containsKey(type);
  }

  /** The encoding of codes that a quantiser wrote. */
  @Nullable Code code(String codes) {
    return known.get(codes);
  }

  /** Remembers what a quantiser of the model writes. */
  void learn(Node node) {
    if (Draft.type(node).equals("QuantizeLinear") && node.inputs().size() > 1) {
      known.put(node.output(), new Code(node.inputs().get(1), Draft.input(node, 2)));
    }
  }

  boolean rewrite(Node node) {
    Form form = FORMS.get(Draft.type(node));
    if (form == null || !(node.op() instanceof Op.Foreign op)) {
      return false;
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>(op.attributes());
    boolean last =
        attributes.remove("channels_last") instanceof Attribute.Int(long flag) && flag != 0;
    int first = form.operands() < 0 ? 2 : 0;
    int count = form.operands() < 0 ? (node.inputs().size() - 2) / 3 : form.operands();
    List<float[]> scales = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      scales.add(scale(node, first + 3 * i + 1));
    }
    boolean floats = Draft.input(node, form.result()) == null && form.real().equals("Gemm");
    if (last || scales.contains(null) || (!floats && !encodes(node, form.result()))) {
      return false;
    }
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = first + 3 * i;
      long axis = i == 0 ? 1 : axis(form, attributes, node.inputs().get(at));
      Code code = new Code(node.inputs().get(at + 1), zero(node, at + 2));
      inputs.add(decoded(node, node.inputs().get(at), code, axis));
    }
    String bias = form.bias() < 0 ? null : Draft.input(node, form.bias());
    if (bias != null) {
      inputs.add(bias(node, bias, attributes, scales));
    }
    if (floats) {
      draft.add(node, form.real(), attributes, node.output(), inputs);
      return true;
    }
    String y = draft.add(node, form.real(), attributes, node.output() + "/float", inputs);
    encode(node, y, new Code(node.inputs().get(form.result()), zero(node, form.result() + 1)));
    return true;
  }

  private static long axis(Form form, SortedMap<String, Attribute> attributes, String codes) {
    boolean turned = attributes.get("transB") instanceof Attribute.Int(long flag) && flag != 0;
    return switch (form.real()) {
      case "Conv" -> 0;
      case "MatMul" -> -1;
      case "Gemm" -> turned ? 0 : 1;
      default -> 1;
    };
  }

  private float @Nullable [] scale(Node node, int index) {
    String name = Draft.input(node, index);
    Constant scale = name == null ? null : draft.constant(name);
    return scale == null || scale.element() != ElementType.FLOAT ? null : scale.floats();
  }

  private boolean encodes(Node node, int result) {
    float[] scale = scale(node, result);
    return scale != null && scale.length == 1 && zero(node, result + 1) != null;
  }

  /** The zero point; an absent one is 0 of the type that the others have. */
  private @Nullable String zero(Node node, int index) {
    String given = Draft.input(node, index);
    if (given != null) {
      int scales = Objects.requireNonNullElse(scale(node, index - 1), new float[1]).length;
      boolean single =
          scales > 1
              && draft.constant(given) instanceof Constant.Integers zero
              && zero.values().length == 1;
      return single ? zeros(node, given, scales) : given;
    }
    for (String other : node.inputs()) {
      if (draft.constant(other) instanceof Constant.Integers zero
          && zero.values().length == 1
          && zero.element() != ElementType.INT32) {
        return draft.constant(
            node.output() + "/zero",
            new Constant.Integers(zero.element(), Shape.SCALAR, new long[1]));
      }
    }
    return null;
  }

  private String zeros(Node node, String zero, int count) {
    Constant.Integers one = (Constant.Integers) Objects.requireNonNull(draft.constant(zero));
    long[] values = new long[count];
    Arrays.fill(values, one.values()[0]);
    return draft.constant(
        node.output() + "/zeros", new Constant.Integers(one.element(), Shape.of(count), values));
  }

  /** The floats that codes stand for. */
  String decoded(Node node, String codes, Code code, long axis) {
    String floats = dequantised(node, codes, code, axis);
    if (draft.constant(codes) != null || known.containsKey(codes) || code.zero() == null) {
      return floats;
    }
    Code encoding = new Code(code.scale(), code.zero());
    known.put(codes, encoding);
    String again = quantised(node, floats, encoding, codes + "/again");
    return dequantised(node, again, encoding, axis);
  }

  private String dequantised(Node node, String codes, Code code, long axis) {
    List<String> inputs = new ArrayList<>(List.of(codes, code.scale()));
    if (code.zero() != null) {
      inputs.add(code.zero());
    }
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    Constant constant = draft.constant(codes);
    if (constant != null) {
      attributes.put("axis", new Attribute.Int(axis < 0 ? axis + constant.shape().rank() : axis));
    }
    return draft.add(node, "DequantizeLinear", attributes, codes + "/decoded", inputs);
  }

  private String quantised(Node node, String floats, Code code, String output) {
    List<String> inputs = new ArrayList<>(List.of(floats, code.scale()));
    if (code.zero() != null) {
      inputs.add(code.zero());
    }
    return draft.add(node, "QuantizeLinear", new TreeMap<>(), output, inputs);
  }

  /** Writes the node's output. */
  void encode(Node node, String floats, Code code) {
    String codes = node.output();
    boolean decoded =
        !draft.isResult(codes)
            && draft.readers(codes).stream()
                .map(Draft::type)
                .allMatch(t -> knows(t) || CodedMoves.knows(t) || t.equals("DequantizeLinear"));
    String value = floats;
    if (!decoded) {
      value = dequantised(node, quantised(node, floats, code, codes + "/codes"), code, 1);
    }
    quantised(node, value, code, codes);
    known.put(codes, code);
  }

  private String bias(
      Node node, String bias, SortedMap<String, Attribute> attributes, List<float[]> scales) {
    float alpha = attributes.get("alpha") instanceof Attribute.Real(float factor) ? factor : 1;
    float[] product = scales.get(1).clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= alpha * scales.get(0)[0];
    }
    Shape shape = product.length == 1 ? Shape.SCALAR : Shape.of(product.length);
    String scale = draft.constant(bias + "/scale", new Constant.Floats(shape, product));
    SortedMap<String, Attribute> axis = new TreeMap<>();
    Constant constant = draft.constant(bias);
    axis.put(
        "axis", new Attribute.Int(constant == null ? 0 : Math.max(0, constant.shape().rank() - 1)));
    return draft.add(node, "DequantizeLinear", axis, bias + "/decoded", List.of(bias, scale));
  }
}
