// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.number;
import static lockstep.compiler.operators.CaseList.vector;

import java.util.List;
import lockstep.compiler.graph.ElementType;

/** Reductions, orders and normalisations. */
final class ReductionCases {
  private static final List<String> REDUCTIONS =
      List.of(
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceSumSquare");

  private ReductionCases() {}

  static void add(CaseList c) {
    reductions(c);
    orders(c);
    normalisations(c);
  }

  private static void reductions(CaseList c) {
    for (String type : REDUCTIONS) {
      double from = type.equals("ReduceLogSum") ? 0.1 : -3;
      c.opset(12);
      c.of(type, c.between(from, 3, 2, 3, 4));
      c.with("axes", new int[] {-1}).of(type, c.between(from, 3, 2, 3, 4));
      c.with("axes", new int[] {0, 2}).with("keepdims", 0).of(type, c.between(from, 3, c.dims(4)));
      c.opset(18);
      c.of(type, c.between(from, 3, 5), vector());
      c.of(type, c.between(from, 3, 3, 4), vector(-2));
      c.with("keepdims", 0).of(type, c.between(from, 3, c.dims(3)), vector(1, -1));
      c.with("noop_with_empty_axes", 1).of(type, c.between(from, 3, 2, 3), vector(1));
    }
    for (String type : List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd")) {
      c.of(type, c.integers(ElementType.INT32, -5, 5, 3, 4), vector(1));
    }
    for (String type : List.of("ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd")) {
      c.of(type, c.longs(-5, 5, 3, 4), vector(0));
    }
    c.of("ReduceL1", c.integers(ElementType.INT32, -5, 5, 3, 4), vector(0));
    c.of("ReduceSumSquare", c.integers(ElementType.INT32, -5, 5, 3, 4), vector(0));
    c.opset(13).of("ReduceSum", c.floats(3, 4), vector(1));
  }

  private static void orders(CaseList c) {
    for (String type : List.of("ArgMax", "ArgMin")) {
      c.opset(13);
      c.of(type, c.floats(3, 4));
      c.with("axis", -1).with("keepdims", 0).of(type, c.floats(2, 3, 4));
      c.with("axis", 1).of(type, c.integers(ElementType.INT32, 0, 2, 3, 6));
      c.with("axis", 1)
          .with("select_last_index", 1)
          .of(type, c.integers(ElementType.INT32, 0, 2, 3, 6));
    }
    c.opset(9).with("k", 2).outputs(2).of("TopK", c.floats(3, 4));
    c.opset(10).with("axis", 0).outputs(2).of("TopK", c.floats(5, 2, 2), vector(3));
    c.opset(11).outputs(2).of("TopK", c.floats(3, 7), vector(3));
    c.with("largest", 0).with("axis", 1).outputs(2).of("TopK", c.floats(3, 7, 2), vector(4));
    c.outputs(2).of("TopK", c.longs(0, 3, 3, 7), vector(4));
    c.opset(14);
    c.of("CumSum", c.floats(3, 4), number(1));
    c.with("exclusive", 1).of("CumSum", c.floats(3, 4), number(-2));
    c.with("reverse", 1).of("CumSum", c.floats(3, 4, 2), number(1));
    c.with("reverse", 1).with("exclusive", 1).of("CumSum", c.longs(-5, 5, 3, 4), number(0));
    for (int opset : new int[] {11, 13}) {
      c.opset(opset);
      for (String type : List.of("Softmax", "LogSoftmax", "Hardmax")) {
        c.of(type, c.floats(2, 3, 4));
        c.with("axis", 1).of(type, c.between(-50, 50, 2, 3, 4));
        c.with("axis", -2).of(type, c.floats(2, 3, 4));
        c.with("axis", 0).of(type, c.floats(7));
      }
    }
  }

  private static void normalisations(CaseList c) {
    for (int opset : new int[] {7, 9, 15}) {
      c.opset(opset)
          .with("epsilon", 1e-3)
          .of(
              "BatchNormalization",
              c.floats(2, 3, 4, 5),
              c.floats(3),
              c.floats(3),
              c.floats(3),
              c.between(0.1, 2, 3));
      c.of(
          "BatchNormalization",
          c.floats(2, 3),
          c.floats(3),
          c.floats(3),
          c.floats(3),
          c.between(0.1, 2, 3));
    }
    c.of("InstanceNormalization", c.floats(2, 3, 4, 5), c.floats(3), c.floats(3));
    c.with("epsilon", 1e-2)
        .of("InstanceNormalization", c.floats(2, 3, 7), c.floats(3), c.floats(3));
    c.opset(21)
        .with("num_groups", 2)
        .of("GroupNormalization", c.floats(2, 4, 3, 3), c.floats(4), c.floats(4));
    c.opset(18)
        .with("num_groups", 2)
        .of("GroupNormalization", c.floats(2, 4, 3, 3), c.floats(2), c.floats(2));
    c.opset(17);
    c.of("LayerNormalization", c.floats(2, 3, 8), c.floats(8), c.floats(8));
    c.of("LayerNormalization", c.floats(2, 3, 8), c.floats(8));
    c.with("axis", 1)
        .outputs(3)
        .of("LayerNormalization", c.floats(2, 3, 4), c.floats(3, 4), c.floats(3, 4));
    c.of("SimplifiedLayerNormalization", c.floats(2, 3, 8), c.floats(8));
    c.opset(23);
    c.of("RMSNormalization", c.floats(2, 3, 8), c.floats(8));
    c.with("axis", -2)
        .with("epsilon", 1e-2)
        .of("RMSNormalization", c.floats(2, 3, 8), c.floats(3, 8));
    c.opset(17);
    c.with("size", 3).of("LRN", c.floats(2, 5, 3, 3));
    c.with("size", 5)
        .with("alpha", 0.2)
        .with("beta", 0.5)
        .with("bias", 2.0)
        .of("LRN", c.floats(1, 6, 2, 3));
    c.of("LpNormalization", c.floats(3, 4));
    c.with("p", 1).with("axis", 0).of("LpNormalization", c.floats(3, 4));
    c.of("MeanVarianceNormalization", c.floats(2, 3, 4, 5));
    c.with("axes", new int[] {0, 2, 3}).of("MeanVarianceNormalization", c.floats(3, 2, 4, 5));
    c.opset(11).of("Dropout", c.floats(3, 4));
    c.opset(13).outputs(2).of("Dropout", c.floats(3, 4));
  }
}
