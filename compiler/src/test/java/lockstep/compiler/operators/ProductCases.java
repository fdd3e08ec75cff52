// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.floatsOf;
import static lockstep.compiler.operators.CaseList.number;
import static lockstep.compiler.operators.CaseList.scalar;
import static lockstep.compiler.operators.CaseList.vector;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;

/** Windows, sums of products, and what attention is made of. */
final class ProductCases {
  private ProductCases() {}

  static void add(CaseList c) {
    convolutions(c);
    transposed(c);
    pools(c);
    matrices(c);
    resizing(c);
    attention(c);
    quantised(c);
  }

  private static void convolutions(CaseList c) {
    c.opset(11);
    c.of("Conv", c.floats(2, 3, 7), c.floats(4, 3, 3), c.floats(4));
    c.with("pads", new int[] {2, 0})
        .with("strides", new int[] {2})
        .with("dilations", new int[] {2})
        .of("Conv", c.floats(1, 4, 9), c.floats(6, 4, 3));
    for (int i = 0; i < 6; i++) {
      int groups = c.draw(1, 3);
      int perGroup = c.draw(1, 3);
      int[] kernel = {c.draw(1, 3), c.draw(1, 4)};
      c.with("group", groups)
          .with("pads", new int[] {c.draw(0, 2), c.draw(0, 2), c.draw(0, 2), c.draw(0, 2)})
          .with("strides", new int[] {c.draw(1, 3), c.draw(1, 3)})
          .with("dilations", new int[] {c.draw(1, 2), c.draw(1, 2)})
          .of(
              "Conv",
              c.floats(c.draw(1, 2), groups * perGroup, 7, 9),
              c.floats(groups * c.draw(1, 5), perGroup, kernel[0], kernel[1]));
    }
    for (String pad : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      c.with("auto_pad", pad)
          .with("strides", new int[] {2, 3})
          .of("Conv", c.floats(1, 2, 7, 8), c.floats(3, 2, 4, 3), c.floats(3));
    }
    c.with("pads", new int[] {1, 0, 1, 0, 1, 1})
        .with("strides", new int[] {1, 2, 1})
        .with("group", 2)
        .of("Conv", c.floats(1, 4, 4, 5, 6), c.floats(6, 2, 2, 3, 2), c.floats(6));
    c.with("pads", new int[] {1, 1, 1, 1})
        .of("Conv", c.floats(1, 40, 31, 33), c.floats(9, 40, 3, 3));
  }

  private static void transposed(CaseList c) {
    c.opset(11);
    c.of("ConvTranspose", c.floats(1, 3, 4, 5), c.floats(3, 2, 3, 3), c.floats(2));
    c.with("strides", new int[] {2, 3})
        .with("pads", new int[] {1, 0, 0, 1})
        .with("output_padding", new int[] {1, 0})
        .of("ConvTranspose", c.floats(2, 4, 3, 4), c.floats(4, 3, 3, 4));
    c.with("group", 2)
        .with("dilations", new int[] {2, 1})
        .of("ConvTranspose", c.floats(1, 4, 3, 4), c.floats(4, 3, 2, 2), c.floats(6));
    c.with("strides", new int[] {2}).of("ConvTranspose", c.floats(1, 2, 5), c.floats(2, 3, 4));
    for (String pad : List.of("SAME_UPPER", "SAME_LOWER")) {
      c.with("auto_pad", pad)
          .with("strides", new int[] {2, 2})
          .of("ConvTranspose", c.floats(1, 2, 3, 4), c.floats(2, 1, 3, 3));
    }
    c.with("output_shape", new int[] {8, 9})
        .with("strides", new int[] {2, 2})
        .of("ConvTranspose", c.floats(1, 2, 4, 4), c.floats(2, 1, 3, 3));
  }

  private static void pools(CaseList c) {
    for (int opset : new int[] {8, 11, 19}) {
      c.opset(opset);
      for (String type : List.of("MaxPool", "AveragePool")) {
        c.with("kernel_shape", new int[] {3})
            .with("strides", new int[] {2})
            .of(type, c.floats(2, 3, 9));
        c.with("kernel_shape", new int[] {2, 3})
            .with("strides", new int[] {2, 1})
            .with("pads", new int[] {1, 0, 0, 2})
            .of(type, c.floats(1, 2, 6, 7));
        c.with("kernel_shape", new int[] {2, 3, 2}).of(type, c.floats(1, 2, 4, 5, 3));
        c.with("kernel_shape", new int[] {3, 2})
            .with("strides", new int[] {2, 3})
            .with("auto_pad", "SAME_UPPER")
            .of(type, c.floats(1, 2, 6, 7));
      }
      c.with("kernel_shape", new int[] {2, 3})
          .with("count_include_pad", 1)
          .with("pads", new int[] {1, 1, 1, 1})
          .of("AveragePool", c.floats(1, 2, 6, 7));
    }
    for (int opset : new int[] {10, 19}) {
      c.opset(opset);
      for (String type : List.of("MaxPool", "AveragePool")) {
        c.with("kernel_shape", new int[] {3, 3})
            .with("strides", new int[] {2, 2})
            .with("ceil_mode", 1)
            .of(type, c.floats(1, 2, 6, 8));
        c.with("kernel_shape", new int[] {2, 2})
            .with("strides", new int[] {3, 3})
            .with("pads", new int[] {0, 1, 1, 1})
            .with("ceil_mode", 1)
            .of(type, c.floats(1, 2, 6, 8));
      }
      c.with("kernel_shape", new int[] {3, 3})
          .with("strides", new int[] {2, 2})
          .with("pads", new int[] {1, 1, 1, 1})
          .with("ceil_mode", 1)
          .with("count_include_pad", 1)
          .of("AveragePool", c.floats(1, 1, 6, 8));
    }
    c.with("kernel_shape", new int[] {2, 2})
        .with("dilations", new int[] {2, 1})
        .of("AveragePool", c.floats(1, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("dilations", new int[] {2, 3})
        .outputs(2)
        .of("MaxPool", c.floats(2, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("storage_order", 1)
        .outputs(2)
        .of("MaxPool", c.floats(2, 2, 6, 7));
    c.of("GlobalMaxPool", c.floats(2, 3, 4, 5));
    c.of("GlobalMaxPool", c.floats(2, 3, 4));
    c.of("GlobalAveragePool", c.floats(2, 3, 4, 5));
    c.of("GlobalAveragePool", c.floats(2, 3, 2, 4, 5));
    c.of("GlobalLpPool", c.floats(2, 3, 4, 5));
    c.with("p", 3).of("GlobalLpPool", c.floats(2, 3, 4, 5));
    c.opset(11)
        .with("kernel_shape", new int[] {2, 3})
        .with("p", 3)
        .of("LpPool", c.floats(1, 2, 6, 7));
    c.with("kernel_shape", new int[] {2, 2})
        .with("pads", new int[] {1, 0, 0, 1})
        .of("LpPool", c.floats(1, 2, 6, 7));
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

  private static void resizing(CaseList c) {
    Constant doubled = floatsOf(new int[] {4}, 1, 1, 2, 3);
    Constant odd = floatsOf(new int[] {4}, 1, 1, 1.7, 0.6);
    c.opset(7).with("scales", new double[] {1, 1, 2, 3}).of("Upsample", c.floats(1, 2, 3, 4));
    c.opset(9).of("Upsample", c.floats(1, 2, 3, 4), doubled);
    c.with("mode", "linear").of("Upsample", c.floats(1, 2, 3, 4), doubled);
    c.opset(10).of("Resize", c.floats(1, 2, 3, 4), doubled);
    c.opset(10).with("mode", "linear").of("Resize", c.floats(1, 2, 3, 4), doubled);
    c.opset(13);
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String transform :
          List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")) {
        c.with("mode", mode)
            .with("coordinate_transformation_mode", transform)
            .of("Resize", c.floats(1, 2, 5, 7), null, odd);
        c.with("mode", mode)
            .with("coordinate_transformation_mode", transform)
            .of("Resize", c.floats(2, 1, 4, 3), null, null, vector(2, 1, 7, 3));
      }
    }
    for (String rounding : List.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")) {
      c.with("nearest_mode", rounding).of("Resize", c.floats(1, 1, 4, 6), null, doubled);
      c.with("nearest_mode", rounding).of("Resize", c.floats(1, 1, 5, 5), null, odd);
    }
    c.with("mode", "cubic")
        .with("cubic_coeff_a", -0.5)
        .with("exclude_outside", 1)
        .of("Resize", c.floats(1, 1, 5, 6), null, odd);
    c.opset(19)
        .with("coordinate_transformation_mode", "half_pixel_symmetric")
        .with("mode", "linear")
        .of("Resize", c.floats(1, 1, 5, 6), null, odd);
    c.with("axes", new int[] {2, 3})
        .with("mode", "linear")
        .of("Resize", c.floats(1, 2, 5, 6), null, null, vector(3, 9));
    for (String policy : List.of("not_larger", "not_smaller")) {
      c.with("axes", new int[] {2, 3})
          .with("keep_aspect_ratio_policy", policy)
          .of("Resize", c.floats(1, 1, 4, 6), null, null, vector(9, 10));
    }
    c.with("mode", "linear")
        .of("Resize", c.floats(1, 1, 2, 5, 6), null, floatsOf(new int[] {5}, 1, 1, 2, 0.5, 1.5));
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

  /** A mask that lets every query see the first keys. */
  private static Constant lower(int rows, int columns) {
    long[] values = new long[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % columns <= i / columns ? 1 : 0;
    }
    return new Constant.Integers(
        ElementType.BOOL, lockstep.compiler.graph.Shape.of(rows, columns), values);
  }

  private static void quantised(CaseList c) {
    c.opset(13);
    for (ElementType element : List.of(ElementType.UINT8, ElementType.INT8)) {
      long low = element == ElementType.INT8 ? -128 : 0;
      Constant zero = number(element, low + 100);
      // codes of 7 bits: without VNNI, ONNX Runtime sums pairs of larger products in 16 bits
      long least = element == ElementType.INT8 ? -64 : 0;
      c.of("QuantizeLinear", c.between(-9, 9, 3, 7), scalar(0.05), zero);
      c.with("axis", 0)
          .of(
              "QuantizeLinear",
              c.floats(3, 7),
              c.between(0.01, 0.1, 3),
              c.integers(element, low, low + 255, 3));
      c.of("DequantizeLinear", c.integers(element, low, low + 255, 3, 7), scalar(0.05), zero);
      c.with("axis", -1)
          .of(
              "DequantizeLinear",
              c.integers(element, low, low + 255, 3, 7),
              c.between(0.01, 0.1, 7),
              c.integers(element, low, low + 255, 7));
      c.of(
          "MatMulInteger",
          c.integers(ElementType.UINT8, 0, 255, 3, 6),
          c.integers(element, least, least + 127, 6, 5),
          number(ElementType.UINT8, 7),
          zero);
      c.of(
          "QLinearMatMul",
          c.integers(ElementType.UINT8, 0, 255, 2, 3, 6),
          scalar(0.02),
          number(ElementType.UINT8, 120),
          c.integers(element, least, least + 127, 6, 5),
          scalar(0.01),
          zero,
          scalar(0.1),
          number(ElementType.UINT8, 128));
      c.with("pads", new int[] {1, 1, 0, 0})
          .of(
              "QLinearConv",
              c.integers(ElementType.UINT8, 0, 255, 1, 4, 5, 6),
              scalar(0.02),
              number(ElementType.UINT8, 120),
              c.integers(element, least, least + 127, 3, 4, 3, 2),
              scalar(0.01),
              number(element, low + 128),
              scalar(0.2),
              number(ElementType.UINT8, 128),
              c.integers(ElementType.INT32, -999, 999, 3));
    }
    c.of("QuantizeLinear", c.between(0, 9, 3, 7), scalar(0.05));
    c.of(
        "QuantizeLinear",
        floatsOf(new int[] {4}, 0.5, 1.5, 2.5, -0.5),
        scalar(1),
        number(ElementType.INT8, 0));
    c.of("DequantizeLinear", c.integers(ElementType.INT32, -999, 999, 5), scalar(0.05));
    c.opset(21)
        .with("axis", 1)
        .with("block_size", 2)
        .of("DequantizeLinear", c.integers(ElementType.INT8, -9, 9, 3, 6), c.between(0.1, 1, 3, 3));
    c.opset(13);
    c.outputs(3).of("DynamicQuantizeLinear", c.floats(3, 7));
    c.outputs(3).of("DynamicQuantizeLinear", c.between(1, 3, 9));
    c.of(
        "MatMulInteger",
        c.integers(ElementType.INT8, -9, 9, 2, 3, 6),
        c.integers(ElementType.INT8, -9, 9, 6, 5));
    c.of(
        "MatMulInteger",
        c.integers(ElementType.UINT8, 0, 9, 3, 6),
        c.integers(ElementType.INT8, -9, 9, 6, 5),
        number(ElementType.UINT8, 7),
        c.integers(ElementType.INT8, -5, 5, 5));
    c.with("strides", new int[] {2, 1})
        .of(
            "ConvInteger",
            c.integers(ElementType.UINT8, 0, 255, 1, 4, 5, 6),
            c.integers(ElementType.UINT8, 0, 255, 3, 4, 3, 2),
            number(ElementType.UINT8, 7),
            number(ElementType.UINT8, 130));
    c.with("group", 2)
        .of(
            "ConvInteger",
            c.integers(ElementType.UINT8, 0, 255, 2, 4, 5, 6),
            c.integers(ElementType.UINT8, 0, 255, 6, 2, 3, 2));
    c.with("group", 4)
        .of(
            "QLinearConv",
            c.integers(ElementType.INT8, -128, 127, 1, 4, 5, 6),
            scalar(0.02),
            number(ElementType.INT8, 3),
            c.integers(ElementType.INT8, -128, 127, 4, 1, 3, 3),
            c.between(0.01, 0.03, 4),
            c.integers(ElementType.INT8, 0, 0, 4),
            scalar(0.2),
            number(ElementType.INT8, -5));
  }
}
