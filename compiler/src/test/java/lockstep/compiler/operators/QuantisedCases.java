// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.floatsOf;
import static lockstep.compiler.operators.CaseList.number;
import static lockstep.compiler.operators.CaseList.scalar;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;

/** Codes: to, from and in sums of products. */
final class QuantisedCases {
  private QuantisedCases() {}

  static void add(CaseList c) {
    quantised(c);
    recoded(c);
    later(c);
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

  private static void later(CaseList c) {
    c.opset(13);
    for (ElementType element : List.of(ElementType.UINT8, ElementType.INT8)) {
      long low = element == ElementType.INT8 ? -128 : 0;
      // codes of 7 bits, as above
      long least = element == ElementType.INT8 ? -64 : 0;
      Constant zero = number(element, low + 100);
      c.with("alpha", 0.5)
          .with("transB", 1)
          .of(
              "com.microsoft.QGemm",
              c.integers(element, low, low + 255, 3, 6),
              scalar(0.02),
              number(element, low + 120),
              c.integers(element, least, least + 127, 5, 6),
              scalar(0.01),
              zero,
              c.integers(ElementType.INT32, -999, 999, 5),
              scalar(0.1),
              number(element, low + 128));
    }
    c.of(
        "com.microsoft.QGemm",
        c.integers(ElementType.UINT8, 0, 255, 3, 6),
        scalar(0.02),
        number(ElementType.UINT8, 120),
        c.integers(ElementType.INT8, -64, 63, 6, 5),
        c.between(0.01, 0.02, 5),
        c.integers(ElementType.INT8, 0, 0, 5));
    Constant scale = scalar(0.037);
    Constant half = number(ElementType.UINT8, 120);
    for (String type : List.of("QLinearAdd", "QLinearMul")) {
      c.of(
          "com.microsoft." + type,
          c.integers(ElementType.UINT8, 0, 255, 1, 3, 4, 5),
          scale,
          half,
          c.integers(ElementType.UINT8, 0, 255, 1, 3, 4, 5),
          scalar(0.043),
          half,
          scalar(0.061),
          half);
    }
  }

  private static void recoded(CaseList c) {
    c.opset(13);
    for (ElementType element : List.of(ElementType.UINT8, ElementType.INT8)) {
      long low = element == ElementType.INT8 ? -128 : 0;
      Constant scale = scalar(0.037);
      Constant zero = number(element, low + 120);
      Constant x = c.integers(element, low, low + 255, 2, 3, 4, 5);
      Constant y = c.integers(element, low, low + 255, 3, 1, 5);
      Constant to = scalar(0.061);
      for (String type : List.of("QLinearAdd", "QLinearMul")) {
        c.of("com.microsoft." + type, x, scale, zero, y, scalar(0.043), zero, to, zero);
      }
      c.of("com.microsoft.QLinearSigmoid", x, scale, zero, scalar(0.004), number(element, low));
      c.with("alpha", 0.2).of("com.microsoft.QLinearLeakyRelu", x, scale, zero, to, zero);
      c.of("com.microsoft.QLinearGlobalAveragePool", x, scale, zero, scalar(0.013), zero);
      c.with("kernel_shape", new int[] {2, 3})
          .with("strides", new int[] {2, 1})
          .of("com.microsoft.QLinearAveragePool", x, scale, zero, scalar(0.017), zero);
      c.with("axis", 1).of("com.microsoft.QLinearConcat", to, zero, x, scale, zero, x, to, zero);
    }
  }
}
