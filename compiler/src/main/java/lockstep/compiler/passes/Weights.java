// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.passes;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.graph.CodeArray;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Node;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.onnx.ConstantEvaluation;

/** Constant weights rearranged and scaled; one value everywhere and codes stay what they are. */
final class Weights {
  private static final int OPSET = 17;

  private Weights() {}

  /** The transposed matrix. */
  static Constant transposed(Constant matrix) {
    int rows = matrix.shape().dim(0);
    int cols = matrix.shape().dim(1);
    Shape shape = Shape.of(cols, rows);
    return switch (matrix) {
      case Constant.Splat splat -> splat.reshaped(shape);
      case Constant.Codes codes -> {
        CodeArray result = codes.codes().like(codes.codes().length());
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < cols; c++) {
            result.set(c * rows + r, codes.codes().get(r * cols + c));
          }
        }
        yield new Constant.Codes(shape, result, codes.scales(), 1 - codes.axis());
      }
      case Constant.Floats _, Constant.Integers _ -> {
        float[] values = matrix.floats();
        float[] result = new float[values.length];
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < cols; c++) {
            result[c * rows + r] = values[r * cols + c];
          }
        }
        yield new Constant.Floats(shape, result);
      }
    };
  }

  static Constant scaled(Constant weights, float factor) {
    if (weights instanceof Constant.Splat splat) {
      return new Constant.Splat(splat.shape(), splat.value() * factor);
    }
    float[] values = weights.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return new Constant.Floats(weights.shape(), values);
  }

  /** Each slice along the first dimension times its factor. */
  static Constant scaledPerChannel(Constant weights, float[] factors) {
    if (weights instanceof Constant.Splat splat && uniform(factors)) {
      return new Constant.Splat(splat.shape(), splat.value() * factors[0]);
    }
    float[] values = weights.floats();
    float[] result = new float[values.length];
    int slice = values.length / factors.length;
    for (int k = 0; k < factors.length; k++) {
      for (int i = k * slice; i < (k + 1) * slice; i++) {
        result[i] = values[i] * factors[k];
      }
    }
    return new Constant.Floats(weights.shape(), result);
  }

  /** Each column of a matrix times its factor. */
  static Constant scaledColumns(Constant matrix, float[] factors) {
    if (matrix instanceof Constant.Splat splat && uniform(factors)) {
      return new Constant.Splat(splat.shape(), splat.value() * factors[0]);
    }
    float[] values = matrix.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i % factors.length];
    }
    return new Constant.Floats(matrix.shape(), values);
  }

  /** Columns (last dimension) from {@code first} on of a matrix or a row. */
  static Constant columns(Constant matrix, int first, int width) {
    int columns = matrix.shape().dim(-1);
    Shape shape = matrix.shape().with(matrix.shape().rank() - 1, width);
    int count = (int) shape.elements();
    return switch (matrix) {
      case Constant.Splat splat -> new Constant.Splat(shape, splat.value());
      case Constant.Codes codes -> {
        CodeArray part = codes.codes().like(count);
        for (int i = 0; i < count; i++) {
          part.set(i, codes.codes().get(i / width * columns + first + i % width));
        }
        boolean cut = codes.scales().length > 1 && codes.axis() == matrix.shape().rank() - 1;
        float[] scales =
            cut ? Arrays.copyOfRange(codes.scales(), first, first + width) : codes.scales();
        yield new Constant.Codes(shape, part, scales, codes.axis());
      }
      case Constant.Floats _, Constant.Integers _ -> {
        float[] values = matrix.floats();
        float[] part = new float[count];
        for (int i = 0; i < count; i++) {
          part[i] = values[i / width * columns + first + i % width];
        }
        yield new Constant.Floats(shape, part);
      }
    };
  }

  /** Dimension i of the result is dimension {@code permutation[i]} of the constant. */
  static Constant permuted(Constant constant, List<Integer> permutation) {
    Node node =
        new Node(
            "permuted",
            new Op.Transpose(permutation),
            List.of("constant"),
            List.of("permuted"),
            List.of());
    return Objects.requireNonNull(
        ConstantEvaluation.evaluate(node, Map.of("constant", constant), OPSET).get("permuted"));
  }

  private static boolean uniform(float[] values) {
    for (float value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }
}
