// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * RotaryEmbedding: pairs of elements of each head are turned by an angle that depends on the
 * position (Su et al., "RoFormer", 2021). The value is [batch][heads][sequence][size] or
 * [batch][sequence][heads * size]; of each head only the first {@code rotary_embedding_dim}
 * elements turn, where that is given. A pair is elements i and i + half, interleaved 2 i and 2 i +
 * 1.
 *
 * <pre>
 * opset 23       value, cosines, sines [positions][half], position ids [batch][sequence]
 *                value, cosines, sines [batch][sequence][half]
 * com.microsoft  value, position ids, cosines, sines [positions][half]; one id is that of the first
 *                element of every sequence
 * </pre>
 *
 * Source of the second form: ONNX Runtime, docs/ContribOperators.md.
 */
record RotaryEmbedding(boolean contributed) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "RotaryEmbedding", new RotaryEmbedding(false),
          "com.microsoft.RotaryEmbedding", new RotaryEmbedding(true));

  /** Sizes of a call; {@code half} is the number of pairs that turn in each head. */
  private record Sizes(boolean split, int batches, int sequence, int heads, int size, int half) {
    int start(int batch, int position, int head) {
      return split
          ? ((batch * heads + head) * sequence + position) * size
          : ((batch * sequence + position) * heads + head) * size;
    }
  }

  private int cosines() {
    return contributed ? 2 : 1;
  }

  private int ids() {
    return contributed ? 1 : 3;
  }

  private Sizes sizes(Call call) {
    Shape x = call.shape(0);
    Call.requires(x.rank() == 3 || x.rank() == 4, "a value " + call.input(0));
    Call.requires(!call.flag("is_packed_batching"), "is_packed_batching");
    Call.requires(call.rank(cosines()) > 1, "cosines " + call.input(cosines()));
    boolean split = x.rank() == 4;
    int pairs = call.shape(cosines()).dim(-1);
    int asked = call.small("rotary_embedding_dim", 0);
    int given = call.small("num_heads", 0);
    boolean named = !contributed || asked > 0 || given > 0;
    Call.requires(split || !named || given > 0, "num_heads is missing");
    int heads = split ? x.dim(1) : named ? given : x.dim(2) / Math.max(1, 2 * pairs);
    int size = split ? x.dim(3) : x.dim(2) / Math.max(1, heads);
    int turned = asked == 0 ? size : asked;
    Call.requires(split || heads * size == x.dim(2), heads + " heads of " + call.input(0));
    Call.requires(
        turned >= 0 && turned <= size && turned % 2 == 0,
        "rotary_embedding_dim " + turned + " of heads of " + size);
    Sizes sizes = new Sizes(split, x.dim(0), x.dim(split ? 2 : 1), heads, size, turned / 2);
    angles(call, sizes);
    return sizes;
  }

  private void angles(Call call, Sizes s) {
    Shape cosines = call.shape(cosines());
    boolean direct = !call.has(ids());
    Call.requires(!contributed || !direct, "the position ids are missing");
    boolean fits =
        direct
            ? cosines.equals(Shape.of(s.batches, s.sequence, s.half))
            : cosines.rank() == 2 && cosines.dim(1) == s.half;
    Call.requires(
        fits && call.shape(cosines() + 1).equals(cosines),
        "cosines " + call.input(cosines()) + " and sines " + call.input(cosines() + 1));
    boolean first = contributed && call.shape(ids()).elements() == 1;
    Call.requires(
        direct || first || call.shape(ids()).equals(Shape.of(s.batches, s.sequence)),
        direct ? "" : "position ids " + call.input(ids()));
  }

  @Override
  public List<ValueType> types(Call call) {
    sizes(call);
    return List.of(call.input(0));
  }

  /** Row of the cosines and sines for each element of each sequence. */
  private int[] rows(Call call, Sizes s) {
    int[] rows = new int[s.batches * s.sequence];
    long[] ids = call.has(ids()) ? call.integers(ids()) : null;
    for (int i = 0; i < rows.length; i++) {
      long row = i;
      if (ids != null) {
        row = ids.length == rows.length ? ids[i] : ids[0] + i % s.sequence;
        Call.requires(
            row >= 0 && row < call.shape(cosines()).dim(0),
            "position " + row + " of " + call.input(cosines()));
      }
      rows[i] = (int) row;
    }
    return rows;
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Sizes s = sizes(call);
    int[] rows = rows(call, s);
    boolean interleaved = call.flag("interleaved");
    float[] cosines = call.floats(cosines());
    float[] sines = call.floats(cosines() + 1);
    float[] from = call.floats(0);
    float[] y = from.clone();
    for (int i = 0; i < rows.length * s.heads; i++) {
      int row = i / s.heads;
      int start = s.start(row / s.sequence, row % s.sequence, i % s.heads);
      for (int pair = 0; pair < s.half; pair++) {
        int p = start + (interleaved ? 2 * pair : pair);
        int q = interleaved ? p + 1 : p + s.half;
        double cosine = cosines[rows[row] * s.half + pair];
        double sine = sines[rows[row] * s.half + pair];
        y[p] = (float) (cosine * from[p] - sine * from[q]);
        y[q] = (float) (sine * from[p] + cosine * from[q]);
      }
    }
    return List.of(new Constant.Floats(call.shape(0), y));
  }
}
