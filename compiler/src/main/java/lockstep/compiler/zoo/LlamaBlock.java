// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.TransformerBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.TransformerBuilder.LINEAR_GAIN;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * One decoder block as in Touvron et al., "LLaMA", 2023: RMSNorm, rotary embedding (Su et al.,
 * "RoFormer", 2021), grouped attention (Ainslie et al., "GQA", 2023) and SwiGLU (Shazeer, 2020),
 * without biases, in the sizes of SmolLM2-135M. From hidden states to hidden states.
 */
final class LlamaBlock {
  private static final int WIDTH = 576;
  private static final int HEADS = 9;
  private static final int GROUPS = 3;
  private static final int HEAD = WIDTH / HEADS;
  private static final int HIDDEN = 1536;
  private static final double ROTARY_BASE = 100_000;
  private static final float EPSILON = 1e-5f;

  private final GraphDraft draft = new GraphDraft("llama_block", Seeds.byName(135));
  private final Operators op = new Operators(draft);
  private final TransformerBuilder t = new TransformerBuilder(draft);
  private final int batch;
  private final int tokens;

  private LlamaBlock(int batch, int tokens) {
    this.batch = batch;
    this.tokens = tokens;
  }

  static Graph of(int batch, int tokens) {
    return new LlamaBlock(batch, tokens).build();
  }

  private Graph build() {
    String x = draft.input("hidden_states", ValueType.floats(batch, tokens, WIDTH));
    String y = op.add(x, attention(t.rmsNorm(x, "input_layernorm", EPSILON)));
    String normal = t.rmsNorm(y, "post_attention_layernorm", EPSILON);
    String gate = t.silu(t.project(normal, "mlp.gate_proj", HIDDEN, LINEAR_GAIN));
    String wide = op.mul(gate, t.project(normal, "mlp.up_proj", HIDDEN, LINEAR_GAIN));
    String narrow = t.project(wide, "mlp.down_proj", WIDTH, LINEAR_GAIN);
    draft.add("Add", "output", List.of(y, narrow), Map.of(), draft.shape(y));
    return draft.graph(List.of("output"));
  }

  private String attention(String x) {
    String cos = angles("cos", Math::cos);
    String sin = angles("sin", Math::sin);
    String queries = t.heads(t.project(x, "self_attn.q_proj", WIDTH, LINEAR_GAIN), HEADS);
    String keys = t.heads(t.project(x, "self_attn.k_proj", GROUPS * HEAD, LINEAR_GAIN), GROUPS);
    String values = t.heads(t.project(x, "self_attn.v_proj", GROUPS * HEAD, LINEAR_GAIN), GROUPS);
    queries = rotated(queries, cos, sin);
    keys = repeated(rotated(keys, cos, sin));
    String mask = draft.constant("causal_mask", causal());
    String attended =
        t.attend(
            queries,
            op.transpose(keys, 0, 1, 3, 2),
            repeated(values),
            scores -> op.add(t.scaled(scores, HEAD), mask));
    return t.project(attended, "self_attn.o_proj", WIDTH, BRANCH_GAIN);
  }

  /** x cos + (-second half, first half) sin. */
  private String rotated(String x, String cos, String sin) {
    String first = op.slice(x, 3, 0, HEAD / 2);
    String second = op.slice(x, 3, HEAD / 2, HEAD);
    String turned = op.concat(3, op.unary("Neg", second), first);
    return op.add(op.mul(x, cos), op.mul(turned, sin));
  }

  /** Every group's head for each of its queries. */
  private String repeated(String x) {
    String apart = op.unsqueeze(x, 2);
    String all = op.expand(apart, batch, GROUPS, HEADS / GROUPS, tokens, HEAD);
    return op.reshape(all, batch, HEADS, tokens, HEAD);
  }

  private String angles(String name, DoubleUnaryOperator function) {
    float[] values = new float[tokens * HEAD];
    for (int i = 0; i < values.length; i++) {
      int pair = i % HEAD % (HEAD / 2);
      double angle = i / HEAD * Math.pow(ROTARY_BASE, -2.0 * pair / HEAD);
      values[i] = (float) function.applyAsDouble(angle);
    }
    return draft.constant(name, new Constant.Floats(Shape.of(1, 1, tokens, HEAD), values));
  }

  private Constant causal() {
    float[] mask = new float[tokens * tokens];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % tokens <= i / tokens ? 0 : TransformerBuilder.MASKED;
    }
    return new Constant.Floats(Shape.of(1, 1, tokens, tokens), mask);
  }
}
