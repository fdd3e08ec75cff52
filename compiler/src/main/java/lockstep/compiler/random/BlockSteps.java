// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.random;

import java.util.List;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/** Pieces of known networks: what passes look for, in drawn surroundings. */
final class BlockSteps {
  static final List<RandomGraph.Step> ALL =
      List.of(
          BlockSteps::residual,
          BlockSteps::residual,
          BlockSteps::branches,
          BlockSteps::excitation,
          BlockSteps::attention,
          BlockSteps::attentionOperator,
          BlockSteps::gelu,
          BlockSteps::swish,
          BlockSteps::perceptron,
          BlockSteps::rearranged);

  private BlockSteps() {}

  private static String square(Draft draft, String x, int outputs) {
    int kernel = draft.any(List.of(1, 3));
    int inputs = draft.shape(x).dim(1);
    int pad = kernel / 2;
    return draft.add(
        "Conv",
        Attributes.of("pads", pad, pad, pad, pad).map(),
        x,
        draft.weights(inputs * kernel * kernel, outputs, inputs, kernel, kernel),
        draft.floats(-0.3, 0.3, outputs));
  }

  private static String maybeNormalised(Draft draft, String x) {
    return draft.random.nextBoolean() ? NormalisationSteps.batch(draft, x) : x;
  }

  private static void residual(Draft draft) {
    String x = draft.ranked(4);
    int channels = draft.shape(x).dim(1);
    String inner = maybeNormalised(draft, square(draft, x, draft.upTo(draft.largest)));
    String active = ElementSteps.activation(draft, inner);
    String last = maybeNormalised(draft, square(draft, active, channels));
    String sum =
        draft.random.nextBoolean()
            ? draft.add("Add", Attributes.NONE, last, x)
            : draft.add("Add", Attributes.NONE, x, last);
    if (draft.random.nextBoolean()) {
      draft.add("Relu", Attributes.NONE, sum);
    }
  }

  /** Convolutions of one value, joined along channels. */
  private static void branches(Draft draft) {
    String x = draft.ranked(4);
    String[] parts = new String[1 + draft.upTo(3)];
    for (int i = 0; i < parts.length; i++) {
      String each = square(draft, x, draft.upTo(draft.largest / 2));
      parts[i] = draft.random.nextBoolean() ? draft.add("Relu", Attributes.NONE, each) : each;
    }
    draft.add("Concat", Attributes.integer("axis", 1), parts);
  }

  private static void excitation(Draft draft) {
    String x = draft.ranked(4);
    int channels = draft.shape(x).dim(1);
    String pooled = draft.add("GlobalAveragePool", Attributes.NONE, x);
    String fewer = square(draft, pooled, draft.upTo(channels));
    String more = square(draft, draft.add("Relu", Attributes.NONE, fewer), channels);
    String gate = draft.add(draft.any(List.of("Sigmoid", "HardSigmoid")), Attributes.NONE, more);
    draft.add("Mul", Attributes.NONE, x, gate);
  }

  /** Self-attention of several heads, by its parts. */
  private static void attention(Draft draft) {
    String x = draft.ranked(3);
    Shape shape = draft.shape(x);
    int heads = draft.upTo(2);
    int size = draft.upTo(6);
    String q = heads(draft, x, heads, size, 0, 2, 1, 3);
    String k = heads(draft, x, heads, size, 0, 2, 3, 1);
    String v = heads(draft, x, heads, size, 0, 2, 1, 3);
    String scores = draft.add("MatMul", Attributes.NONE, q, k);
    String scaled =
        draft.random.nextBoolean()
            ? draft.add("Div", Attributes.NONE, scores, draft.number(Math.sqrt(size)))
            : draft.add("Mul", Attributes.NONE, scores, draft.number(1 / Math.sqrt(size)));
    String weights = draft.add("Softmax", Attributes.integer("axis", -1), scaled);
    String mixed = draft.add("MatMul", Attributes.NONE, weights, v);
    String turned = draft.add("Transpose", Attributes.of("perm", 0, 2, 1, 3).map(), mixed);
    String joined = draft.reshape(turned, shape.dim(0), shape.dim(1), heads * size);
    ProductSteps.dense(draft, joined, shape.dim(2));
  }

  private static String heads(Draft draft, String x, int heads, int size, int... order) {
    Shape shape = draft.shape(x);
    String projected = ProductSteps.dense(draft, x, heads * size);
    String parts = draft.reshape(projected, shape.dim(0), shape.dim(1), heads, size);
    return draft.add("Transpose", Attributes.of("perm", order).map(), parts);
  }

  private static void attentionOperator(Draft draft) {
    Draft.require(draft.opset >= 23, "no operator of its own before");
    String x = draft.ranked(3);
    String q = ProductSteps.dense(draft, x, 4);
    String k = ProductSteps.dense(draft, x, 4);
    String v = ProductSteps.dense(draft, x, 6);
    Attributes attributes = new Attributes().put("q_num_heads", new Attribute.Int(2));
    attributes.put("kv_num_heads", new Attribute.Int(2));
    draft.add("Attention", attributes.map(), q, k, v);
  }

  private static void gelu(Draft draft) {
    String x = draft.value();
    if (draft.opset >= 20 && draft.random.nextBoolean()) {
      String way = draft.any(List.of("none", "tanh"));
      draft.add("Gelu", Attributes.text("approximate", way), x);
      return;
    }
    String part = draft.add("Div", Attributes.NONE, x, draft.number(Math.sqrt(2)));
    String error = draft.add("Erf", Attributes.NONE, part);
    String above = draft.add("Add", Attributes.NONE, error, draft.number(1));
    String twice = draft.add("Mul", Attributes.NONE, x, above);
    draft.add("Mul", Attributes.NONE, twice, draft.number(0.5));
  }

  private static void swish(Draft draft) {
    String x = draft.value();
    String gate = draft.add("Sigmoid", Attributes.NONE, x);
    if (draft.random.nextBoolean()) {
      draft.add("Mul", Attributes.NONE, x, gate);
    } else {
      draft.add("Mul", Attributes.NONE, gate, x);
    }
  }

  /** A layer norm, two dense layers, and their input added. */
  private static void perceptron(Draft draft) {
    String x = draft.value(s -> s.rank() >= 2 && s.rank() <= 3);
    String normal =
        draft.opset >= 17 && draft.random.nextBoolean()
            ? NormalisationSteps.layer(draft, x)
            : NormalisationSteps.layerInParts(draft, x);
    String wide = ProductSteps.dense(draft, normal, draft.upTo(2 * draft.largest));
    String active = ElementSteps.activation(draft, wide);
    String narrow = ProductSteps.dense(draft, active, draft.shape(x).dim(-1));
    draft.add("Add", Attributes.NONE, narrow, x);
  }

  /** From channels first to channels last, something, and back. */
  private static void rearranged(Draft draft) {
    String x = draft.ranked(4);
    String last = draft.add("Transpose", Attributes.of("perm", 0, 2, 3, 1).map(), x);
    String changed =
        draft.random.nextBoolean()
            ? ElementSteps.activation(draft, last)
            : ProductSteps.dense(draft, last, draft.upTo(draft.largest));
    draft.add("Transpose", Attributes.of("perm", 0, 3, 1, 2).map(), changed);
  }
}
