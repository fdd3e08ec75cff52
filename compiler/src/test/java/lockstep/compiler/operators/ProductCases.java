// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** Sums of products and what attention is made of. */
final class ProductCases {
  private ProductCases() {}

  static void add(CaseList c) {
    matrices(c);
    attention(c);
    recurrence(c);
    fusions(c);
  }

  private static void matrices(CaseList c) {
    c.opset(13);
    int[][][] shapes = {
      {{3, 4}, {4, 5}}, {{4}, {4, 5}}, {{3, 4}, {4}}, {{4}, {4}},
      {{2, 3, 4}, {4, 5}}, {{2, 1, 3, 4}, {3, 4, 2}}, {{3, 4}, {2, 4, 5}}, {{17, 33}, {33, 70}}
    };
    for (int[][] pair : shapes) {
      c.of("MatMul", c.floats(pair[0]), c.floats(pair[1]));
    }
    c.of("MatMul", c.floats(0, 4), c.floats(4, 5));
    c.of(
        "MatMul",
        c.integers(ElementType.INT32, -9, 9, 3, 4),
        c.integers(ElementType.INT32, -9, 9, 4, 2));
    c.of("Gemm", c.floats(3, 4), c.floats(4, 5));
    c.with("transA", 1).with("alpha", 0.5).of("Gemm", c.floats(4, 3), c.floats(4, 5), c.floats(5));
    c.with("transB", 1)
        .with("beta", 2.0)
        .of("Gemm", c.floats(3, 4), c.floats(5, 4), c.floats(3, 1));
    c.with("transA", 1)
        .with("transB", 1)
        .of("Gemm", c.floats(4, 3), c.floats(5, 4), c.floats(3, 5));
    c.with("equation", "bhid,bhjd->bhij").of("Einsum", c.floats(2, 3, 4, 5), c.floats(2, 3, 6, 5));
    c.with("equation", "bij, bjk -> bik").of("Einsum", c.floats(2, 3, 4), c.floats(2, 4, 5));
    c.with("equation", "...ij,...jk->...ik").of("Einsum", c.floats(2, 3, 4), c.floats(2, 4, 5));
    c.with("equation", "ij->ji").of("Einsum", c.floats(3, 4));
    c.with("equation", "ij,jk").of("Einsum", c.floats(3, 4), c.floats(4, 2));
    c.with("equation", "bij->b").of("Einsum", c.floats(3, 4, 2));
    c.with("equation", "i,j->ij").of("Einsum", c.floats(3), c.floats(4));
    c.with("equation", "ii->i").of("Einsum", c.floats(3, 3));
  }

  private static void attention(CaseList c) {
    c.opset(23);
    c.of(
        "RotaryEmbedding",
        c.floats(2, 3, 4, 6),
        c.floats(9, 3),
        c.floats(9, 3),
        c.longs(0, 8, 2, 4));
    c.with("interleaved", 1)
        .of("RotaryEmbedding", c.floats(2, 3, 4, 6), c.floats(2, 4, 3), c.floats(2, 4, 3));
    c.with("num_heads", 2)
        .of(
            "RotaryEmbedding",
            c.floats(2, 4, 12),
            c.floats(9, 3),
            c.floats(9, 3),
            c.longs(0, 8, 2, 4));
    c.with("rotary_embedding_dim", 4)
        .of(
            "RotaryEmbedding",
            c.floats(1, 2, 4, 8),
            c.floats(9, 2),
            c.floats(9, 2),
            c.longs(0, 8, 1, 4));
    c.of(
        "com.microsoft.RotaryEmbedding",
        CaseList.floatsOf(new int[] {1, 1, 2, 4}, 1, -2, 3, 0.5, -1, 2, 0.25, 4),
        CaseList.vector(1),
        CaseList.floatsOf(new int[] {3, 2}, 1, 1, 0.5, 0.8, -0.6, 0.1),
        CaseList.floatsOf(new int[] {3, 2}, 0, 0, 0.9, -0.6, 0.8, 1));
    c.of("Attention", c.floats(2, 3, 4, 8), c.floats(2, 3, 6, 8), c.floats(2, 3, 6, 10));
    c.with("is_causal", 1)
        .of("Attention", c.floats(2, 3, 4, 8), c.floats(2, 3, 4, 8), c.floats(2, 3, 4, 8));
    c.with("scale", 0.1)
        .with("softcap", 2.0)
        .of(
            "Attention",
            c.floats(1, 4, 4, 8),
            c.floats(1, 2, 5, 8),
            c.floats(1, 2, 5, 8),
            c.floats(4, 5));
    c.with("q_num_heads", 3)
        .with("kv_num_heads", 3)
        .of("Attention", c.floats(2, 4, 24), c.floats(2, 6, 24), c.floats(2, 6, 30), lower(4, 6));
    c.outputs(3)
        .of(
            "Attention",
            c.floats(1, 2, 2, 4),
            c.floats(1, 2, 2, 4),
            c.floats(1, 2, 2, 4),
            null,
            c.floats(1, 2, 3, 4),
            c.floats(1, 2, 3, 4));
    for (int stage = 0; stage < 8; stage++) {
      c.outputs(4)
          .with("softcap", stage < 4 ? 0.0 : 1.5)
          .with("qk_matmul_output_mode", stage % 4)
          .of(
              "Attention",
              c.floats(1, 2, 3, 4),
              c.floats(1, 2, 3, 4),
              c.floats(1, 2, 3, 4),
              c.floats(3, 3));
    }
  }

  private static void recurrence(CaseList c) {
    c.opset(14);
    String[] types = {"RNN", "GRU", "LSTM"};
    int[] gates = {1, 3, 4};
    for (int i = 0; i < types.length; i++) {
      int rows = gates[i] * 3;
      c.with("hidden_size", 3)
          .outputs(2)
          .of(types[i], c.floats(4, 2, 5), c.floats(1, rows, 5), c.floats(1, rows, 3));
      for (String direction : List.of("reverse", "bidirectional")) {
        int d = direction.equals("reverse") ? 1 : 2;
        c.with("hidden_size", 3)
            .with("direction", direction)
            .outputs(2)
            .of(
                types[i],
                c.floats(4, 2, 5),
                c.floats(d, rows, 5),
                c.floats(d, rows, 3),
                c.floats(d, 2 * rows),
                null,
                c.floats(d, 2, 3));
      }
      c.with("hidden_size", 3)
          .outputs(2)
          .of(
              types[i],
              c.floats(4, 2, 5),
              c.floats(1, rows, 5),
              c.floats(1, rows, 3),
              c.floats(1, 2 * rows),
              new Constant.Integers(ElementType.INT32, Shape.of(2), new long[] {4, 2}));
    }
    c.with("hidden_size", 3)
        .with("linear_before_reset", 1)
        .outputs(2)
        .of("GRU", c.floats(4, 2, 5), c.floats(1, 9, 5), c.floats(1, 9, 3), c.floats(1, 18));
    c.with("hidden_size", 3)
        .outputs(3)
        .of(
            "LSTM",
            c.floats(4, 2, 5),
            c.floats(1, 12, 5),
            c.floats(1, 12, 3),
            c.floats(1, 24),
            null,
            c.floats(1, 2, 3),
            c.floats(1, 2, 3),
            c.floats(1, 9));
  }

  private static void fusions(CaseList c) {
    c.opset(17);
    c.of("com.microsoft.FastGelu", c.floats(2, 3, 8));
    c.of("com.microsoft.FastGelu", c.floats(2, 3, 8), c.floats(8));
    c.of("com.microsoft.BiasGelu", c.floats(2, 3, 8), c.floats(8));
    c.of(
        "com.microsoft.SkipLayerNormalization",
        c.floats(2, 3, 8),
        c.floats(2, 3, 8),
        c.floats(8),
        c.floats(8));
    c.with("epsilon", 1e-3)
        .of(
            "com.microsoft.SkipLayerNormalization",
            c.floats(2, 3, 8),
            c.floats(2, 3, 8),
            c.floats(8),
            c.floats(8),
            c.floats(8));
    c.with("epsilon", 1e-3)
        .of(
            "com.microsoft.SkipSimplifiedLayerNormalization",
            c.floats(2, 3, 8),
            c.floats(2, 3, 8),
            c.floats(8),
            c.floats(8));
    c.with("alpha", 0.3)
        .with("transA", 1)
        .of("com.microsoft.FusedMatMul", c.floats(2, 4, 3), c.floats(2, 4, 5));
    c.with("transB", 1).of("com.microsoft.FusedMatMul", c.floats(2, 3, 4), c.floats(5, 4));
  }

  /** A mask that lets every query see the first keys. */
  private static Constant lower(int rows, int columns) {
    long[] values = new long[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % columns <= i / columns ? 1 : 0;
    }
    return new Constant.Integers(ElementType.BOOL, Shape.of(rows, columns), values);
  }
}
