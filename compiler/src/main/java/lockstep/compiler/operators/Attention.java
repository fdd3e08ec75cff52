// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Attention (opset 23): {@code softmax(scale Q K' + mask) V} by head, with keys and values of a
 * cache before the new ones, softly capped, causal, and with fewer heads of keys than of queries.
 *
 * <p>Inputs: Q, K, V, mask, past keys, past values; Q as [batch][heads][sequence][size] or
 * [batch][sequence][heads * size]. Results: Y like Q, all keys, all values, and the scores in the
 * stage that {@code qk_matmul_output_mode} names.
 */
final class Attention implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Attention", new Attention());

  private Attention() {}

  /** Sizes; {@code past} and {@code total} count keys. */
  private record Sizes(
      int batch, int heads, int keyHeads, int queries, int past, int total, int size, int values) {
    static Sizes of(Call call) {
      Shape q = call.shape(0);
      Shape k = call.shape(1);
      Shape v = call.shape(2);
      boolean split = q.rank() == 4;
      Call.requires(
          (split || q.rank() == 3) && k.rank() == q.rank() && v.rank() == q.rank(),
          "Attention of " + q + ", " + k + " and " + v);
      int heads = split ? q.dim(1) : call.small("q_num_heads", 0);
      int keyHeads = split ? k.dim(1) : call.small("kv_num_heads", 0);
      Call.requires(
          heads > 0 && keyHeads > 0 && heads % keyHeads == 0,
          heads + " heads of queries for " + keyHeads + " of keys");
      int past = call.has(4) ? call.shape(4).dim(2) : 0;
      return new Sizes(
          q.dim(0),
          heads,
          keyHeads,
          q.dim(split ? 2 : 1),
          past,
          past + k.dim(split ? 2 : 1),
          split ? q.dim(3) : q.dim(2) / heads,
          split ? v.dim(3) : v.dim(2) / keyHeads);
    }
  }

  @Override
  public List<ValueType> types(Call call) {
    Sizes s = Sizes.of(call);
    return List.of(
        call.rank(0) == 4
            ? ValueType.floats(s.batch, s.heads, s.queries, s.values)
            : ValueType.floats(s.batch, s.queries, s.heads * s.values),
        ValueType.floats(s.batch, s.keyHeads, s.total, s.size),
        ValueType.floats(s.batch, s.keyHeads, s.total, s.values),
        ValueType.floats(s.batch, s.heads, s.queries, s.total));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Sizes s = Sizes.of(call);
    float[] queries = byHead(call, 0, s.heads, s.size);
    float[] keys = joined(call, 4, byHead(call, 1, s.keyHeads, s.size), s, s.size);
    float[] values = joined(call, 5, byHead(call, 2, s.keyHeads, s.values), s, s.values);
    double scale = call.real("scale", 1 / Math.sqrt(s.size));
    double[] mask = mask(call, s);
    float[] shown = new float[s.batch * s.heads * s.queries * s.total];
    float[] y = new float[s.batch * s.heads * s.queries * s.values];
    Dense.forEach(
        s.batch * s.heads,
        (long) s.queries * s.total * s.size,
        head -> {
          int group = head / s.heads * s.keyHeads + head % s.heads / (s.heads / s.keyHeads);
          for (int row = 0; row < s.queries; row++) {
            int at = (head * s.queries + row) * s.total;
            double[] scores = new double[s.total];
            for (int t = 0; t < s.total; t++) {
              double sum = 0;
              for (int i = 0; i < s.size; i++) {
                sum +=
                    (double) queries[(head * s.queries + row) * s.size + i]
                        * keys[(group * s.total + t) * s.size + i];
              }
              scores[t] = sum * scale;
            }
            weigh(call, scores, mask, at, shown);
            int to =
                call.rank(0) == 4
                    ? (head * s.queries + row) * s.values
                    : ((head / s.heads * s.queries + row) * s.heads + head % s.heads) * s.values;
            for (int i = 0; i < s.values; i++) {
              double sum = 0;
              for (int t = 0; t < s.total; t++) {
                sum += scores[t] * values[(group * s.total + t) * s.values + i];
              }
              y[to + i] = (float) sum;
            }
          }
        });
    List<ValueType> types = types(call);
    return List.of(
        new Constant.Floats(types.get(0).shape(), y),
        new Constant.Floats(types.get(1).shape(), keys),
        new Constant.Floats(types.get(2).shape(), values),
        new Constant.Floats(types.get(3).shape(), shown));
  }

  /** Scores become weights; the stage asked for is kept. */
  private static void weigh(Call call, double[] scores, double[] mask, int at, float[] shown) {
    long stage = call.integer("qk_matmul_output_mode", 0);
    double cap = call.real("softcap", 0);
    keep(stage == 0, scores, at, shown);
    for (int t = 0; t < scores.length; t++) {
      scores[t] = cap > 0 ? cap * Math.tanh(scores[t] / cap) : scores[t];
    }
    keep(stage == 1, scores, at, shown);
    double most = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      scores[t] += mask[at + t];
      most = Math.max(most, scores[t]);
    }
    keep(stage == 2, scores, at, shown);
    double sum = 0;
    for (int t = 0; t < scores.length; t++) {
      scores[t] = Math.exp(scores[t] - most);
      sum += scores[t];
    }
    for (int t = 0; t < scores.length; t++) {
      scores[t] /= sum;
    }
    keep(stage == 3, scores, at, shown);
  }

  private static void keep(boolean asked, double[] scores, int at, float[] shown) {
    for (int t = 0; asked && t < scores.length; t++) {
      shown[at + t] = (float) scores[t];
    }
  }

  /** What is added to every score: nothing, a number, or minus infinity. */
  private static double[] mask(Call call, Sizes s) {
    Shape scores = Shape.of(s.batch, s.heads, s.queries, s.total);
    double[] mask = new double[(int) scores.elements()];
    if (call.has(3)) {
      int[] index = View.broadcast(call.shape(3), scores);
      double[] given = View.doubles(call.value(3));
      boolean truth = call.element(3) == ElementType.BOOL;
      for (int i = 0; i < mask.length; i++) {
        double value = given[index[i]];
        mask[i] = truth ? (value == 0 ? Double.NEGATIVE_INFINITY : 0) : value;
      }
    }
    for (int i = 0; i < mask.length && call.flag("is_causal"); i++) {
      int query = i / s.total % s.queries;
      mask[i] += i % s.total > query + s.past ? Double.NEGATIVE_INFINITY : 0;
    }
    return mask;
  }

  private static float[] byHead(Call call, int input, int heads, int size) {
    Shape x = call.shape(input);
    if (x.rank() == 4) {
      return call.floats(input);
    }
    Shape split = Shape.of(x.dim(0), heads, x.dim(1), size);
    int[] strides = {x.dim(1) * heads * size, size, heads * size, 1};
    return View.take(call.value(input), split, View.indices(split, strides, 0)).floats();
  }

  private static float[] joined(Call call, int past, float[] now, Sizes s, int size) {
    if (!call.has(past)) {
      return now;
    }
    float[] before = call.floats(past);
    List<float[]> parts = List.of(before, now);
    float[] all = new float[s.batch * s.keyHeads * s.total * size];
    int at = 0;
    for (int head = 0; head < s.batch * s.keyHeads; head++) {
      for (float[] part : parts) {
        int length = part.length / (s.batch * s.keyHeads);
        System.arraycopy(part, head * length, all, at, length);
        at += length;
      }
    }
    return all;
  }
}
