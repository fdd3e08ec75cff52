// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import static lockstep.compiler.operators.CaseList.floatsOf;
import static lockstep.compiler.operators.CaseList.number;
import static lockstep.compiler.operators.CaseList.scalar;
import static lockstep.compiler.operators.CaseList.vector;

import java.util.List;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;

/** Elements in another order or place, and what is made from shapes. */
final class MovementCases {
  private MovementCases() {}

  static void add(CaseList c) {
    reshaping(c);
    slicing(c);
    padding(c);
    gathering(c);
    selecting(c);
    generating(c);
  }

  private static void reshaping(CaseList c) {
    c.opset(14);
    c.of("Identity", c.longs(0, 9, 3));
    c.of("Reshape", c.floats(2, 3, 4), vector(0, -1));
    c.of("Reshape", c.floats(2, 3, 4), vector(4, 3, 2));
    c.of("Reshape", c.floats(6), vector(-1, 2));
    c.of("Reshape", c.floats(1), vector());
    c.with("allowzero", 1).of("Reshape", c.floats(0, 3), vector(3, 0));
    c.of("Flatten", c.floats(2, 3, 4));
    c.with("axis", -1).of("Flatten", c.floats(2, 3, 4));
    c.with("axis", 0).of("Flatten", c.floats(2, 3, 4));
    c.with("axis", 3).of("Flatten", c.floats(2, 3, 4));
    c.of("Squeeze", c.floats(1, 3, 1));
    c.of("Squeeze", c.floats(1, 3, 1), vector(-1));
    c.of("Unsqueeze", c.floats(3, 4), vector(0, -1));
    c.of("Unsqueeze", c.floats(3, 4), vector(3, 1));
    c.opset(11);
    c.with("axes", new int[] {0}).of("Squeeze", c.floats(1, 3, 1));
    c.with("axes", new int[] {1, 2}).of("Unsqueeze", c.floats(3, 4));
    c.opset(13);
    c.of("Transpose", c.floats(2, 3, 4));
    c.with("perm", new int[] {1, 3, 0, 2}).of("Transpose", c.floats(c.dims(4)));
    c.with("perm", new int[] {0, 2, 1}).of("Transpose", c.longs(0, 9, 2, 3, 4));
    c.of("Transpose", c.floats(0, 3));
    c.of("Expand", c.floats(3, 1), vector(2, 1, 4));
    c.of("Expand", c.floats(2, 3), vector(1));
    c.of("Expand", c.longs(0, 9), vector(2, 0));
    c.of("Tile", c.floats(2, 3), vector(2, 3));
    c.of("Tile", c.longs(0, 9, 2, 1, 3), vector(1, 2, 2));
    c.with("blocksize", 2).of("DepthToSpace", c.floats(2, 8, 2, 3));
    c.with("blocksize", 3).with("mode", "CRD").of("DepthToSpace", c.floats(1, 18, 2, 1));
    c.with("blocksize", 2).of("SpaceToDepth", c.floats(2, 3, 4, 2));
    c.with("axis", 0).of("Concat", c.floats(2, 3), c.floats(1, 3), c.floats(0, 3));
    c.with("axis", -1).of("Concat", c.longs(0, 9, 2, 3), c.longs(0, 9, 2, 1));
    c.with("axis", 1).of("Concat", c.floats(c.dims(3)));
  }

  private static void slicing(CaseList c) {
    c.opset(9);
    c.with("starts", new int[] {0, -2}).with("ends", new int[] {1, 9}).of("Slice", c.floats(2, 4));
    c.with("starts", new int[] {1})
        .with("ends", new int[] {-1})
        .with("axes", new int[] {-1})
        .of("Slice", c.floats(3, 5));
    c.opset(13);
    c.of("Slice", c.floats(4, 5), vector(1, -3), vector(3, 1000));
    c.of("Slice", c.floats(4, 5), vector(-1), vector(-1000), vector(1), vector(-2));
    c.of("Slice", c.floats(4, 5), vector(3, 0), vector(0, 4), vector(0, -1), vector(-1, 3));
    c.of("Slice", c.floats(4, 5), vector(3), vector(1), vector(0));
    c.of("Slice", c.longs(0, 9, 6), vector(5), vector(Long.MIN_VALUE), vector(0), vector(-1));
    c.of("Slice", c.floats(7), vector(-100), vector(Long.MAX_VALUE), vector(0), vector(3));
    c.opset(11);
    c.outputs(3).with("axis", -1).of("Split", c.floats(2, 6));
    c.outputs(2).with("split", new int[] {1, 3}).of("Split", c.floats(4, 3));
    c.opset(13);
    c.outputs(2).with("axis", 1).of("Split", c.longs(0, 9, 2, 5), vector(4, 1));
    c.outputs(2).of("Split", c.floats(4, 3));
    c.opset(18).outputs(3).with("num_outputs", 3).of("Split", c.floats(7, 2));
  }

  private static void padding(CaseList c) {
    for (String mode : List.of("constant", "edge", "reflect")) {
      c.opset(10)
          .with("mode", mode)
          .with("pads", new int[] {0, 0, 1, 2, 0, 0, 0, 3})
          .of("Pad", c.floats(1, 2, 4, 5));
      c.opset(13).with("mode", mode).of("Pad", c.floats(4, 5), vector(1, 2, 0, 3));
    }
    c.of("Pad", c.floats(4, 5), vector(1, -1, -2, 3), scalar(7));
    c.of("Pad", c.longs(0, 9, 3), vector(2, 1), number(-4));
    c.opset(18).of("Pad", c.floats(2, 3, 4), vector(1, 2), scalar(1.5), vector(-1));
    c.opset(19).with("mode", "wrap").of("Pad", c.floats(3, 4), vector(1, 2, 2, 3));
  }

  private static void gathering(CaseList c) {
    c.opset(16);
    c.of("Gather", c.floats(5, 3), c.longs(-5, 4, 2, 2));
    c.with("axis", 1).of("Gather", c.floats(2, 4, 3), c.integers(ElementType.INT32, 0, 3, 3));
    c.with("axis", -1).of("Gather", c.longs(0, 9, 2, 4), number(-2));
    c.with("axis", 1).of("GatherElements", c.floats(3, 4), c.longs(-4, 3, 3, 2));
    c.of("GatherElements", c.floats(3, 4, 2), c.longs(0, 2, 5, 4, 1));
    c.of("GatherND", c.floats(3, 4, 2), c.longs(-3, 1, 5, 2));
    c.of("GatherND", c.floats(3, 4), c.longs(0, 2, 5, 2, 1));
    c.with("batch_dims", 1).of("GatherND", c.floats(2, 4, 3), c.longs(0, 2, 2, 1));
    c.with("batch_dims", 1).of("GatherND", c.floats(2, 4, 3), c.longs(0, 2, 2, 3, 1));
    c.with("axis", 1).of("ScatterElements", c.floats(2, 5), distinct(), c.floats(2, 2));
    c.with("reduction", "add")
        .of("ScatterElements", c.floats(3, 4), c.longs(0, 2, 2, 4), c.floats(2, 4));
    c.with("reduction", "mul")
        .of("ScatterElements", c.longs(1, 3, 3, 4), c.longs(0, 2, 2, 4), c.longs(1, 3, 2, 4));
    c.opset(18);
    for (String reduction : List.of("min", "max")) {
      c.with("reduction", reduction)
          .of("ScatterElements", c.floats(3, 4), c.longs(0, 2, 2, 4), c.floats(2, 4));
      c.with("reduction", reduction)
          .of("ScatterND", c.floats(4, 3), c.longs(0, 3, 6, 1), c.floats(6, 3));
    }
    c.of("ScatterND", c.floats(4, 3), vectorOf(3, 1, 2, 0), c.floats(2, 3));
    c.with("reduction", "add").of("ScatterND", c.floats(4, 3), c.longs(0, 2, 5, 2), c.floats(5));
    c.opset(10).with("axis", 1).of("Scatter", c.floats(2, 5), distinct(), c.floats(2, 2));
  }

  private static void selecting(CaseList c) {
    c.opset(11);
    c.of("Compress", c.floats(3, 4), c.truths(7));
    c.with("axis", 1).of("Compress", c.floats(3, 4, 2), c.truths(4));
    c.with("axis", -3).of("Compress", c.longs(0, 9, 3, 4, 2), c.truths(2));
    c.of("ReverseSequence", c.floats(5, 3, 2), vector(5, 1, 3));
    c.with("time_axis", 1)
        .with("batch_axis", 0)
        .of("ReverseSequence", c.longs(0, 99, 3, 4), vector(1, 4, 2));
  }

  private static Constant distinct() {
    return new Constant.Integers(ElementType.INT64, Shape.of(2, 2), new long[] {1, -1, 0, 2});
  }

  private static Constant vectorOf(long first, int columns, int rows, long second) {
    return new Constant.Integers(
        ElementType.INT64, Shape.of(rows, columns), new long[] {first, second});
  }

  private static void generating(CaseList c) {
    c.opset(13).of("Shape", c.floats(2, 0, 4));
    c.opset(15).with("start", 1).of("Shape", c.floats(2, 3, 4));
    c.with("start", -2).with("end", -1).of("Shape", c.longs(0, 1, 2, 3, 4));
    c.with("start", 2).with("end", 1).of("Shape", c.floats(2, 3, 4));
    c.of("Size", c.floats(2, 3, 4));
    c.of("ConstantOfShape", vector(2, 3));
    c.with("value", vector(7)).of("ConstantOfShape", vector(2, 0));
    c.with("value", floatsOf(new int[] {1}, 2.5)).of("ConstantOfShape", vector(4));
    c.of("Range", number(2), number(9), number(3));
    c.of("Range", number(9), number(2), number(-2));
    c.of("Range", scalar(0), scalar(1), scalar(0.3));
    c.of("Range", number(2), number(2), number(1));
    c.of("EyeLike", c.floats(3, 4));
    c.with("k", -1).with("dtype", 7).of("EyeLike", c.floats(3, 4));
    c.of("NonZero", c.longs(0, 1, 3, 4));
    c.of("NonZero", c.truths(7));
    c.of("NonZero", c.floats(2, 2, 2));
    c.of("Trilu", c.floats(2, 3, 4));
    c.with("upper", 0).of("Trilu", c.floats(4, 3), number(1));
    c.of("Trilu", c.longs(1, 9, 3, 3), number(-1));
    c.of("OneHot", c.longs(-4, 3, 2, 3), number(4), floatsOf(new int[] {2}, -1, 2));
    c.with("axis", 1).of("OneHot", c.longs(0, 5, 2, 3), number(4), vector(0, 1));
  }
}
