// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * RotaryEmbedding (opset 23): pairs of elements of each head are turned by an angle that depends on
 * the position. Inputs: value [batch][heads][sequence][size] or [batch][sequence][heads * size],
 * cosines and sines [positions][half] with position ids [batch][sequence], or [batch][sequence]
 * [half] without.
 */
final class RotaryEmbedding implements Operator {
  static final Map<String, Operator> TABLE = Map.of("RotaryEmbedding", new RotaryEmbedding());

  private RotaryEmbedding() {}

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(call.rank(0) == 3 || call.rank(0) == 4, "a value " + call.input(0));
    return List.of(call.input(0));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    types(call);
    Shape x = call.shape(0);
    boolean split = x.rank() == 4;
    int batches = x.dim(0);
    int sequence = x.dim(split ? 2 : 1);
    int heads = split ? x.dim(1) : call.small("num_heads", 0);
    Call.requires(heads > 0, "num_heads is missing");
    int size = split ? x.dim(3) : x.dim(2) / heads;
    int turned = call.small("rotary_embedding_dim", 0);
    int half = (turned == 0 ? size : turned) / 2;
    boolean interleaved = call.flag("interleaved");
    float[] cosines = call.floats(1);
    float[] sines = call.floats(2);
    long[] ids = call.has(3) ? call.integers(3) : null;
    float[] from = call.floats(0);
    float[] y = from.clone();
    for (int b = 0; b < batches; b++) {
      for (int s = 0; s < sequence; s++) {
        int row = b * sequence + s;
        int angles = (ids == null ? row : Math.toIntExact(ids[row])) * half;
        for (int h = 0; h < heads; h++) {
          int start = split ? ((b * heads + h) * sequence + s) * size : (row * heads + h) * size;
          for (int i = 0; i < half; i++) {
            int p = start + (interleaved ? 2 * i : i);
            int q = interleaved ? p + 1 : p + half;
            double cosine = cosines[angles + i];
            double sine = sines[angles + i];
            y[p] = (float) (cosine * from[p] - sine * from[q]);
            y[q] = (float) (sine * from[p] + cosine * from[q]);
          }
        }
      }
    }
    return List.of(new Constant.Floats(x, y));
  }
}
