// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.TransformerBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.TransformerBuilder.LINEAR_GAIN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Radford et al., "Language Models are Unsupervised Multitask Learners", 2019: GPT-2 in its small
 * size, the embedding used again for the output. Takes the numbers of new tokens and, for a decode
 * step, the keys and values of the tokens before; gives the logits of every new token and the keys
 * and values of all: [batch, heads, tokens, 64] in {@code present.LAYER.key}, {@code .value}.
 */
final class Gpt2 {
  private static final int VOCABULARY = 50257;
  private static final int POSITIONS = 1024;
  private static final int LAYERS = 12;
  private static final int WIDTH = 768;
  private static final int HEADS = 12;
  private static final int HEAD = WIDTH / HEADS;
  private static final float EPSILON = 1e-5f;

  private final GraphDraft draft;
  private final Operators op;
  private final TransformerBuilder t;
  private final int layers;
  private final int batch;
  private final int past;
  private final int tokens;
  private final List<String> outputs = new ArrayList<>(List.of("logits"));

  private Gpt2(String name, int layers, int batch, int past, int tokens) {
    if (past + tokens > POSITIONS) {
      throw new IllegalArgumentException(
          past + tokens + " tokens are more than the " + POSITIONS + " positions of " + name);
    }
    this.draft = new GraphDraft(name, Seeds.byName(124));
    this.op = new Operators(draft);
    this.t = new TransformerBuilder(draft);
    this.layers = layers;
    this.batch = batch;
    this.past = past;
    this.tokens = tokens;
  }

  static Graph prefill(int batch, int tokens) {
    return prefill(LAYERS, batch, tokens);
  }

  static Graph prefill(int layers, int batch, int tokens) {
    return new Gpt2("gpt2_small_prefill", layers, batch, 0, tokens).build();
  }

  /** One token after {@code past} others. */
  static Graph decode(int batch, int past) {
    return decode(LAYERS, batch, past);
  }

  static Graph decode(int layers, int batch, int past) {
    return new Gpt2("gpt2_small_decode", layers, batch, past, 1).build();
  }

  private Graph build() {
    String ids =
        draft.input("input_ids", new ValueType(ElementType.INT64, Shape.of(batch, tokens)));
    String table = t.table("wte", VOCABULARY, WIDTH);
    String x =
        op.add(op.embedding(table, ids), op.embedding(t.table("wpe", POSITIONS, WIDTH), places()));
    for (int layer = 0; layer < layers; layer++) {
      x = block(x, layer);
    }
    String last = t.layerNorm(x, "ln_f", EPSILON);
    draft.add(
        "MatMul",
        "logits",
        List.of(last, op.transpose(table, 1, 0)),
        Map.of(),
        Shape.of(batch, tokens, VOCABULARY));
    return draft.graph(outputs);
  }

  private String places() {
    return draft.constant(
        "position_ids",
        new Constant.Integers(
            ElementType.INT64,
            Shape.of(1, tokens),
            LongStream.range(past, past + tokens).toArray()));
  }

  private String block(String x, int layer) {
    String name = "h." + layer;
    String attended = attention(t.layerNorm(x, name + ".ln_1", EPSILON), name + ".attn", layer);
    String y = op.add(attended, x);
    String normal = t.layerNorm(y, name + ".ln_2", EPSILON);
    String wide = t.geluByTanh(dense(normal, name + ".mlp.c_fc", 4 * WIDTH, 1));
    return op.add(y, dense(wide, name + ".mlp.c_proj", WIDTH, BRANCH_GAIN));
  }

  private String attention(String x, String name, int layer) {
    List<String> parts = op.split(dense(x, name + ".c_attn", 3 * WIDTH, LINEAR_GAIN), 2, 3);
    String queries = t.heads(parts.get(0), HEADS);
    String keys = cached(parts.get(1), layer + ".key");
    String values = cached(parts.get(2), layer + ".value");
    String attended =
        t.attend(
            queries,
            op.transpose(keys, 0, 1, 3, 2),
            values,
            scores -> causal(t.scaled(scores, HEAD)));
    return dense(attended, name + ".c_proj", WIDTH, BRANCH_GAIN);
  }

  /** Heads with the cache in front, an output of the network. */
  private String cached(String x, String which) {
    String all = "present." + which;
    outputs.add(all);
    if (past == 0) {
      return t.headsAs(all, x, HEADS);
    }
    ValueType before = ValueType.floats(batch, HEADS, past, HEAD);
    return op.concatAs(all, 2, draft.input("past_key_values." + which, before), t.heads(x, HEADS));
  }

  /** The least float where the score is that of a later token. */
  private String causal(String scores) {
    int all = past + tokens;
    long[] seen = new long[tokens * all];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = i % all <= past + i / all ? 1 : 0;
    }
    String mask =
        draft.constant(
            "causal_mask",
            new Constant.Integers(ElementType.BOOL, Shape.of(1, 1, tokens, all), seen));
    return draft.add(
        "Where",
        draft.fresh("where"),
        List.of(mask, scores, draft.scalar("masked", TransformerBuilder.MASKED)),
        Map.of(),
        draft.shape(scores));
  }

  /** Gemm on all tokens as rows, its weights [inputs][outputs]. */
  private String dense(String x, String parameter, int width, double gain) {
    int inputs = draft.shape(x).dim(2);
    String rows = op.reshape(x, batch * tokens, inputs);
    String weight = draft.weights(parameter + ".weight", Shape.of(inputs, width), inputs, gain);
    String product =
        draft.add(
            "Gemm",
            draft.fresh("gemm"),
            List.of(rows, weight, draft.biases(parameter + ".bias", width)),
            Map.of("alpha", new Attribute.Real(1), "beta", new Attribute.Real(1)),
            Shape.of(batch * tokens, width));
    return op.reshape(product, batch, tokens, width);
  }
}
