// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.zoo;

import static lockstep.compiler.zoo.GraphDraft.ints;
import static lockstep.compiler.zoo.TransformerBuilder.BRANCH_GAIN;
import static lockstep.compiler.zoo.TransformerBuilder.LINEAR_GAIN;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Attribute;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Dosovitskiy et al., "An Image is Worth 16x16 Words", 2020, and its tiny form of Touvron et al.,
 * "Training data-efficient image transformers", 2020, in the operators that timm's implementation
 * exports to: one projection for queries, keys and values.
 */
final class VisionTransformers {
  private static final int IMAGE = 224;
  private static final int PATCH = 16;
  private static final int PATCHES = (IMAGE / PATCH) * (IMAGE / PATCH);
  private static final int LAYERS = 12;
  private static final int CLASSES = 1000;
  private static final float EPSILON = 1e-6f;

  private final GraphDraft draft;
  private final Operators op;
  private final TransformerBuilder t;
  private final int batch;
  private final int width;
  private final int heads;

  private VisionTransformers(String name, long seed, int batch, int width, int heads) {
    this.draft = new GraphDraft(name, Seeds.byName(seed));
    this.op = new Operators(draft);
    this.t = new TransformerBuilder(draft);
    this.batch = batch;
    this.width = width;
    this.heads = heads;
  }

  static Graph tiny(int batch) {
    return new VisionTransformers("vit_tiny", 192, batch, 192, 3).build();
  }

  static Graph base(int batch) {
    return new VisionTransformers("vit_b16", 768, batch, 768, 12).build();
  }

  private Graph build() {
    String x = embedded(draft.input("input", ValueType.floats(batch, 3, IMAGE, IMAGE)));
    for (int layer = 0; layer < LAYERS; layer++) {
      x = block(x, "blocks." + layer);
    }
    String first = op.select(t.layerNorm(x, "norm", EPSILON), 1, 0);
    return draft.graph(List.of(Dense.gemm(draft, first, "head", CLASSES, LINEAR_GAIN, "output")));
  }

  /** [batch, 1 + patches, width]. */
  private String embedded(String image) {
    Shape kernel = Shape.of(width, 3, PATCH, PATCH);
    String weight =
        draft.weights("patch_embed.proj.weight", kernel, kernel.product(1, 4), LINEAR_GAIN);
    String patches =
        draft.add(
            "Conv",
            draft.fresh("conv"),
            List.of(image, weight, draft.biases("patch_embed.proj.bias", width)),
            Map.of(
                "dilations", ints(1, 1),
                "group", new Attribute.Int(1),
                "kernel_shape", ints(PATCH, PATCH),
                "pads", ints(0, 0, 0, 0),
                "strides", ints(PATCH, PATCH)),
            Shape.of(batch, width, IMAGE / PATCH, IMAGE / PATCH));
    String tokens = op.transpose(op.reshape(patches, batch, width, PATCHES), 0, 2, 1);
    String first = draft.uniform("cls_token", Shape.of(1, 1, width), 0, 0.1f);
    String all = op.concat(1, op.expand(first, batch, 1, width), tokens);
    return op.add(all, draft.uniform("pos_embed", Shape.of(1, PATCHES + 1, width), 0, 0.1f));
  }

  private String block(String x, String name) {
    String attended = attention(t.layerNorm(x, name + ".norm1", EPSILON), name + ".attn");
    String y = op.add(x, attended);
    String wide =
        t.linear(t.layerNorm(y, name + ".norm2", EPSILON), name + ".mlp.fc1", 4 * width, 1);
    return op.add(y, t.linear(t.gelu(wide), name + ".mlp.fc2", width, BRANCH_GAIN));
  }

  private String attention(String x, String name) {
    String joined = t.linear(x, name + ".qkv", 3 * width, LINEAR_GAIN);
    String apart = op.reshape(joined, batch, PATCHES + 1, 3, heads, width / heads);
    String parts = op.transpose(apart, 2, 0, 3, 1, 4);
    String queries = op.select(parts, 0, 0);
    String keys = op.transpose(op.select(parts, 0, 1), 0, 1, 3, 2);
    String values = op.select(parts, 0, 2);
    String scale = draft.scalar("scale", (float) (1 / Math.sqrt((double) width / heads)));
    String attended = t.attend(queries, keys, values, scores -> op.mul(scores, scale));
    return t.linear(attended, name + ".proj", width, BRANCH_GAIN);
  }
}
