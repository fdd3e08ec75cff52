// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.TransformerBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.TransformerBuilder.LINEAR_GAIN;

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
 * Devlin et al., "BERT", 2018, with its pooler and without a head; the tiny form is that of Turc et
 * al., "Well-Read Students Learn Better", 2019. Takes the numbers of the tokens, a mask of 1 for a
 * token and 0 for padding, and the number of each token's segment.
 */
final class Bert {
  private static final int VOCABULARY = 30522;
  private static final int POSITIONS = 512;
  private static final int SEGMENTS = 2;
  private static final float EPSILON = 1e-12f;

  private final GraphDraft draft;
  private final Operators op;
  private final TransformerBuilder t;
  private final int batch;
  private final int tokens;
  private final int width;

  /** A head is 64 wide in every BERT. */
  private final int heads;

  private Bert(String name, long seed, int batch, int tokens, int width) {
    if (tokens > POSITIONS) {
      throw new IllegalArgumentException(
          "tokens=" + tokens + " is more than the " + POSITIONS + " positions of " + name);
    }
    this.draft = new GraphDraft(name, Seeds.byName(seed));
    this.op = new Operators(draft);
    this.t = new TransformerBuilder(draft);
    this.batch = batch;
    this.tokens = tokens;
    this.width = width;
    this.heads = width / 64;
  }

  static Graph tiny(int batch, int tokens) {
    return new Bert("bert_tiny", 128, batch, tokens, 128).build(2);
  }

  static Graph base(int batch, int tokens) {
    return new Bert("bert_base", 110, batch, tokens, 768).build(12);
  }

  private Graph build(int layers) {
    ValueType numbers = new ValueType(ElementType.INT64, Shape.of(batch, tokens));
    String ids = draft.input("input_ids", numbers);
    String mask = additive(draft.input("attention_mask", numbers));
    String x = embedded(ids, draft.input("token_type_ids", numbers));
    for (int layer = 0; layer < layers; layer++) {
      x = layer(x, mask, "encoder.layer." + layer, layer == layers - 1);
    }
    String first = op.select(x, 1, 0);
    String pooled =
        Dense.gemm(draft, first, "pooler.dense", width, LINEAR_GAIN, draft.fresh("gemm"));
    draft.add("Tanh", "pooler_output", List.of(pooled), Map.of(), draft.shape(pooled));
    return draft.graph(List.of(x, "pooler_output"));
  }

  /** 0 where a token is, the least float where padding is: [batch, 1, 1, tokens]. */
  private String additive(String mask) {
    String outer = "mask.outer";
    String inner = "mask.inner";
    add("Unsqueeze", outer, List.of(mask, draft.integers(1)), Shape.of(batch, 1, tokens));
    add("Unsqueeze", inner, List.of(outer, draft.integers(2)), Shape.of(batch, 1, 1, tokens));
    String real =
        draft.add(
            "Cast",
            draft.fresh("cast"),
            List.of(inner),
            Map.of("to", new Attribute.Int(ElementType.FLOAT.onnxNumber())),
            Shape.of(batch, 1, 1, tokens));
    String padding = op.sub(draft.scalar("one", 1), real);
    return op.mul(padding, draft.scalar("masked", TransformerBuilder.MASKED));
  }

  private void add(String operator, String output, List<String> operands, Shape shape) {
    draft.add(
        operator,
        operands,
        Map.of(),
        Map.of(output, new ValueType(ElementType.INT64, shape)),
        List.of(output));
  }

  private String embedded(String ids, String segments) {
    String words = op.embedding(t.table("embeddings.word_embeddings", VOCABULARY, width), ids);
    String kinds =
        op.embedding(t.table("embeddings.token_type_embeddings", SEGMENTS, width), segments);
    String order =
        draft.constant(
            "embeddings.position_ids",
            new Constant.Integers(
                ElementType.INT64, Shape.of(1, tokens), LongStream.range(0, tokens).toArray()));
    String places =
        op.embedding(t.table("embeddings.position_embeddings", POSITIONS, width), order);
    String sum = op.add(op.add(words, kinds), places);
    return t.layerNorm(sum, "embeddings.LayerNorm", EPSILON);
  }

  /** Normalisation comes after the sum. */
  private String layer(String x, String mask, String name, boolean last) {
    String self = name + ".attention.self";
    String queries = t.heads(t.linear(x, self + ".query", width, LINEAR_GAIN), heads);
    String keys = t.transposedHeads(t.linear(x, self + ".key", width, LINEAR_GAIN), heads);
    String values = t.heads(t.linear(x, self + ".value", width, LINEAR_GAIN), heads);
    String attended =
        t.attend(queries, keys, values, scores -> op.add(t.scaled(scores, width / heads), mask));
    String y = t.linear(attended, name + ".attention.output.dense", width, BRANCH_GAIN);
    y = t.layerNorm(op.add(y, x), name + ".attention.output.LayerNorm", EPSILON);
    String wide = t.gelu(t.linear(y, name + ".intermediate.dense", 4 * width, 1));
    String narrow = op.add(t.linear(wide, name + ".output.dense", width, BRANCH_GAIN), y);
    String output = last ? "last_hidden_state" : draft.fresh("layernorm");
    return t.layerNorm(narrow, name + ".output.LayerNorm", EPSILON, output);
  }
}
