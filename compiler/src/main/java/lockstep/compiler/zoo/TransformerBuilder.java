// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Shape;

/**
 * Layers of transformers as PyTorch's exporter decomposes them. Values are [batch, tokens, width],
 * split into heads [batch, heads, tokens, width of a head]. Weights keep values near variance 1,
 * and what a residual branch adds below that.
 */
final class TransformerBuilder {
  /** Of a layer that leaves the variance of its input as it is. */
  static final double LINEAR_GAIN = 1 / Math.sqrt(2);

  /** Of the last layer of a residual branch, so that sums do not grow along the network. */
  static final double BRANCH_GAIN = 0.25;

  /** The least float: what a masked score is set to, or gets added. */
  static final float MASKED = -Float.MAX_VALUE;

  private final GraphDraft draft;
  private final Operators op;

  TransformerBuilder(GraphDraft draft) {
    this.draft = draft;
    this.op = new Operators(draft);
  }

  /** MatMul with weights [inputs][outputs], without a bias. */
  String project(String x, String parameter, int outputs, double gain) {
    int inputs = draft.shape(x).dim(-1);
    return op.matMul(
        x, draft.weights(parameter + ".weight", Shape.of(inputs, outputs), inputs, gain));
  }

  /** {@link #project} and the bias. */
  String linear(String x, String parameter, int outputs, double gain) {
    String product = project(x, parameter, outputs, gain);
    return op.add(draft.biases(parameter + ".bias", outputs), product);
  }

  /** An embedding table: normal in the papers, uniform of the same deviation 0.02 here. */
  String table(String parameter, int rows, int width) {
    float spread = (float) (0.02 * Math.sqrt(3));
    return draft.uniform(parameter + ".weight", Shape.of(rows, width), 0, spread);
  }

  String layerNorm(String x, String parameter, float epsilon) {
    return layerNorm(x, parameter, epsilon, draft.fresh("layernorm"));
  }

  String layerNorm(String x, String parameter, float epsilon, String output) {
    Shape width = Shape.of(draft.shape(x).dim(-1));
    return draft.add(
        "LayerNormalization",
        output,
        List.of(
            x,
            draft.uniform(parameter + ".weight", width, 1, 0.2f),
            draft.uniform(parameter + ".bias", width, 0, 0.1f)),
        Map.of("axis", new Attribute.Int(-1), "epsilon", new Attribute.Real(epsilon)),
        draft.shape(x));
  }

  /** Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019. */
  String rmsNorm(String x, String parameter, float epsilon) {
    String mean = op.reduceMean(op.pow(x, draft.scalar("two", 2)));
    String root = op.unary("Sqrt", op.add(mean, draft.scalar("epsilon", epsilon)));
    String normal = op.mul(x, op.div(draft.scalar("one", 1), root));
    Shape width = Shape.of(draft.shape(x).dim(-1));
    return op.mul(draft.uniform(parameter + ".weight", width, 1, 0.2f), normal);
  }

  /** x (1 + erf(x / √2)) / 2. */
  String gelu(String x) {
    String error = op.unary("Erf", op.div(x, draft.scalar("sqrt_two", (float) Math.sqrt(2))));
    String product = op.mul(x, op.add(error, draft.scalar("one", 1)));
    return op.mul(product, draft.scalar("half", 0.5f));
  }

  /** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
  String geluByTanh(String x) {
    String half = op.mul(x, draft.scalar("half", 0.5f));
    String cube = op.pow(x, draft.scalar("three", 3));
    String sum = op.add(x, op.mul(cube, draft.scalar("cubic", 0.044715f)));
    String scaled = op.mul(sum, draft.scalar("sqrt_two_by_pi", (float) Math.sqrt(2 / Math.PI)));
    return op.mul(half, op.add(op.unary("Tanh", scaled), draft.scalar("one", 1)));
  }

  String silu(String x) {
    return op.mul(x, op.unary("Sigmoid", x));
  }

  /** [batch, tokens, heads x n] to [batch, heads, tokens, n]. */
  String heads(String x, int heads) {
    return op.transpose(apart(x, heads), 0, 2, 1, 3);
  }

  /** {@link #heads} under a name of their own. */
  String headsAs(String output, String x, int heads) {
    return op.transposeAs(output, apart(x, heads), 0, 2, 1, 3);
  }

  /** Keys as the product with queries takes them: [batch, heads, n, tokens]. */
  String transposedHeads(String x, int heads) {
    return op.transpose(apart(x, heads), 0, 2, 3, 1);
  }

  private String apart(String x, int heads) {
    Shape shape = draft.shape(x);
    return op.reshape(x, shape.dim(0), shape.dim(1), heads, shape.dim(2) / heads);
  }

  /**
   * Vaswani et al., "Attention Is All You Need", 2017: softmax over the scores, times the values,
   * heads side by side again.
   *
   * @param queries [batch, heads, tokens, n]
   * @param keys [batch, heads, n, tokens attended to]
   * @param values [batch, heads, tokens attended to, n]
   * @param scaledAndMasked what becomes of the scores before the softmax
   * @return [batch, tokens, heads x n]
   */
  String attend(String queries, String keys, String values, UnaryOperator<String> scaledAndMasked) {
    String scores = scaledAndMasked.apply(op.matMul(queries, keys));
    String heads = op.transpose(op.matMul(op.softmax(scores), values), 0, 2, 1, 3);
    Shape shape = draft.shape(heads);
    return op.reshape(heads, shape.dim(0), shape.dim(1), shape.dim(2) * shape.dim(3));
  }

  /** Scores over the root of a head's width. */
  String scaled(String scores, int headWidth) {
    return op.div(scores, draft.scalar("scale", (float) Math.sqrt(headWidth)));
  }
}
