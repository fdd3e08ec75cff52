// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.floatsOf;
import static lockstep.compiler.operators.CaseList.number;
import static lockstep.compiler.operators.CaseList.scalar;

import java.util.Arrays;
import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;

/** Functions of one or more elements. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void add(CaseList c) {
    unary(c);
    activations(c);
    binary(c);
    logic(c);
    casts(c);
  }

  private static void unary(CaseList c) {
    c.opset(17);
    for (String type :
        List.of(
            "Abs",
            "Neg",
            "Sign",
            "Ceil",
            "Floor",
            "Round",
            "Exp",
            "Reciprocal",
            "Erf",
            "Sin",
            "Cos",
            "Tan",
            "Atan",
            "Sinh",
            "Cosh",
            "Tanh",
            "Asinh")) {
      c.of(type, c.floats(c.dims(c.draw(0, 5))));
      c.of(type, c.floats(3, 0, 2));
    }
    c.of("Round", floatsOf(new int[] {6}, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5));
    c.of("Sign", floatsOf(new int[] {3}, -0.0, 0, 1e-30));
    for (String type : List.of("Abs", "Neg", "Sign")) {
      c.of(type, c.longs(-9, 9, 2, 3));
      c.of(type, c.integers(ElementType.INT32, -9, 9, 4));
    }
    for (String type : List.of("Sqrt", "Log")) {
      c.of(type, c.between(0.01, 9, c.dims(3)));
    }
    for (String type : List.of("Asin", "Acos", "Atanh")) {
      c.of(type, c.between(-0.99, 0.99, c.dims(2)));
    }
    c.of("Acosh", c.between(1, 9, 7));
    c.of("Erf", c.between(-7, 7, 101));
    c.opset(18);
    c.of("BitwiseNot", c.integers(ElementType.INT32, -99, 99, 5));
    c.of("BitwiseNot", c.integers(ElementType.UINT8, 0, 255, 5));
    c.opset(17);
    c.of("Not", c.truths(2, 3));
    c.of("IsNaN", floatsOf(new int[] {3}, Double.NaN, 1, Double.POSITIVE_INFINITY));
    Constant infinities =
        floatsOf(new int[] {3}, Double.NEGATIVE_INFINITY, 1, Double.POSITIVE_INFINITY);
    c.of("IsInf", infinities);
    c.with("detect_negative", 0).of("IsInf", infinities);
    c.with("detect_positive", 0).of("IsInf", infinities);
  }

  private static void activations(CaseList c) {
    c.opset(17);
    for (String type :
        List.of(
            "Relu",
            "LeakyRelu",
            "ThresholdedRelu",
            "Elu",
            "Selu",
            "Celu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Mish",
            "Softplus",
            "Softsign",
            "Shrink",
            "com.microsoft.QuickGelu",
            "com.microsoft.Gelu")) {
      c.opset(type.equals("Mish") ? 18 : 17);
      c.of(type, c.between(-9, 9, c.dims(c.draw(1, 4))));
    }
    c.of("Relu", c.integers(ElementType.INT32, -5, 5, 6));
    c.of("Sigmoid", c.between(-90, 90, 20));
    c.of("Softplus", c.between(-90, 90, 20));
    for (String type : List.of("LeakyRelu", "ThresholdedRelu", "Elu", "Celu")) {
      c.with("alpha", 0.3).of(type, c.floats(4, 5));
    }
    c.with("alpha", 1.2).with("gamma", 2.0).of("Selu", c.floats(4, 5));
    c.with("alpha", 0.4).with("beta", 0.3).of("HardSigmoid", c.floats(4, 5));
    c.with("bias", 0.3).with("lambd", 1.1).of("Shrink", c.floats(4, 5));
    c.with("alpha", 0.7).of("com.microsoft.QuickGelu", c.floats(4, 5));
    c.opset(20).of("Gelu", c.floats(4, 5));
    c.with("approximate", "tanh").of("Gelu", c.floats(4, 5));
    c.opset(10).of("Clip", c.floats(4, 5));
    c.with("min", -1.0).with("max", 0.5).of("Clip", c.floats(4, 5));
    c.opset(13);
    c.of("Clip", c.floats(4, 5));
    c.of("Clip", c.floats(4, 5), scalar(-1), scalar(0.5));
    c.of("Clip", c.floats(4, 5), null, scalar(0.5));
    c.of("Clip", c.longs(-9, 9, 7), number(-3), number(4));
  }

  private static void binary(CaseList c) {
    for (int opset : new int[] {7, 14}) {
      c.opset(opset);
      for (String type : List.of("Add", "Sub", "Mul", "Div", "Pow")) {
        for (int i = 0; i < 3; i++) {
          int[] dims = c.dims(c.draw(1, 4));
          int[] other = Arrays.copyOfRange(dims, c.draw(0, dims.length - 1), dims.length);
          other[c.draw(0, other.length - 1)] = 1;
          Constant a = type.equals("Pow") ? c.between(0.1, 3, dims) : c.floats(dims);
          c.of(type, a, c.floats(other));
        }
        c.of(type, c.between(0.1, 1), c.between(0.5, 2, 3, 4));
        c.of(type, c.between(0.5, 3, 3, 0), c.between(0.5, 3, 1, 1));
      }
      for (String type : List.of("Add", "Sub", "Mul", "Div")) {
        c.of(type, c.longs(-99, 99, 2, 3), c.longs(1, 9, 3));
        c.of(type, c.integers(ElementType.INT32, -99, 99, 4), c.integers(ElementType.INT32, 1, 9));
      }
    }
    c.of("Add", number(ElementType.INT32, Integer.MAX_VALUE), number(ElementType.INT32, 5));
    c.of("Pow", c.floats(4), floatsOf(new int[] {1}, 2));
    c.of("Pow", c.floats(4), number(3));
    c.of("Pow", c.longs(-4, 4, 5), number(2));
    c.of("Pow", c.longs(1, 9, 5), scalar(0.5));
    c.of("Mod", c.longs(-9, 9, 12), number(4));
    c.of("Mod", c.longs(-9, 9, 12), number(-4));
    c.with("fmod", 1).of("Mod", c.longs(-9, 9, 12), number(4));
    c.with("fmod", 1).of("Mod", c.between(-9, 9, 12), scalar(2.5));
    c.of("PRelu", c.floats(2, 3, 4, 4), c.floats(3, 1, 1));
    c.of("PRelu", c.floats(2, 3), c.floats(1));
    for (String type : List.of("Max", "Min", "Sum", "Mean")) {
      c.of(type, c.floats(2, 3));
      c.of(type, c.floats(2, 3), c.floats(1, 3), c.floats(2, 1));
      c.of(type, c.floats(4, 1, 3), c.floats(2, 1));
    }
    c.of("Max", c.longs(-9, 9, 6), c.longs(-9, 9, 6));
    c.of("Min", c.integers(ElementType.INT32, -9, 9, 6), number(ElementType.INT32, 1));
    for (String type : List.of("And", "Or", "Xor")) {
      c.of(type, c.truths(2, 3), c.truths(3));
    }
    c.opset(18);
    for (String type : List.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")) {
      c.of(
          type,
          c.integers(ElementType.INT32, -99, 99, 2, 3),
          c.integers(ElementType.INT32, 0, 9, 3));
    }
  }

  private static void logic(CaseList c) {
    for (int opset : new int[] {9, 16}) {
      c.opset(opset);
      for (String type : List.of("Equal", "Greater", "Less")) {
        if (opset > 9 || !type.equals("Equal")) {
          c.of(type, c.floats(3, 4), c.floats(4));
        }
        c.of(type, c.longs(0, 3, 3, 4), c.longs(0, 3, 3, 1));
      }
    }
    for (String type : List.of("GreaterOrEqual", "LessOrEqual")) {
      c.of(type, c.floats(3, 4), c.floats(4));
      c.of(type, c.longs(0, 3, 3, 4), c.longs(0, 3, 3, 1));
    }
    c.of("Greater", floatsOf(new int[] {2}, Double.NaN, 1), scalar(0));
    c.of("Equal", c.truths(7), c.truths(7));
    c.of("Where", c.truths(3, 1), c.floats(4), c.floats(2, 1, 4));
    c.of("Where", c.truths(3), c.longs(-5, 5, 3), number(7));
  }

  private static void casts(CaseList c) {
    c.opset(17);
    ElementType[] types = ElementType.values();
    for (ElementType to : types) {
      for (ElementType from : types) {
        Constant x =
            from == ElementType.FLOAT
                ? c.between(0, 99, 2, 3)
                : c.integers(from, 0, from == ElementType.BOOL ? 1 : 99, 2, 3);
        c.with("to", to.onnxNumber()).of("Cast", x);
      }
    }
    c.with("to", 6).of("Cast", c.between(-9, 9, 6));
    c.with("to", 2).of("Cast", c.longs(-999, 999, 6));
    c.of("CastLike", c.between(-9, 9, 6), number(1));
  }
}
