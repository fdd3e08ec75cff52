// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.graph;

import java.util.List;
import java.util.SortedMap;
import lockstep.compiler.network.Window;
import org.jspecify.annotations.Nullable;

/**
 * The operators of the float graph. Image operators take values of rank 4 (batch, channels, height,
 * width) or rank 3 (batch, channels, width: a height of 1 that is not written).
 *
 * <p>What the machine executes is {@link Conv}, {@link Product} and {@link Concat} along channels;
 * a free {@link Reshape} costs nothing; passes bring the rest into that form and what remains runs
 * on the host.
 */
public sealed interface Op {

  /**
   * Inputs: value, constant weights [out][in / groups][kernel...], constant bias [out] (absent when
   * two inputs), residual (last, when {@code residual}). Computes {@code
   * activation(pool(convolution + bias) + residual)}.
   */
  record Conv(
      Window window, int groups, @Nullable Window pool, boolean residual, Activation activation)
      implements Op {
    public Conv(Window window, int groups) {
      this(window, groups, null, false, Activation.NONE);
    }

    /** Nothing but the convolution and its bias. */
    public boolean bare() {
      return pool == null && !residual && activation.equals(Activation.NONE);
    }
  }

  /** Inputs: value [..., K], constant weights [K][N], optional constant bias [N]. */
  record Linear() implements Op {}

  /** ONNX Gemm: {@code alpha A B + beta C} on matrices. */
  record Gemm(float alpha, float beta, boolean transA, boolean transB) implements Op {}

  /** ONNX MatMul. */
  record MatMul() implements Op {}

  /** Inputs: x [B][K][M], y [B][N][K]; output [B][N][M], the sum over K of y x. */
  record Product() implements Op {}

  /** Inputs: value, constant scale [C], constant shift [C]; C is dimension 1. */
  record Affine() implements Op {}

  /** ONNX BatchNormalization in inference form: value, scale, bias, mean, variance. */
  record BatchNormalization(float epsilon) implements Op {}

  /** Sum of one or more values, with ONNX broadcasting. */
  record Add() implements Op {}

  /** Product of two values, element by element, with ONNX broadcasting. */
  record Mul() implements Op {}

  record Activate(Activation activation) implements Op {}

  /** Padding never wins. */
  record MaxPool(Window window) implements Op {}

  /** Padding counts as zeros: every window is divided by its kernel's size. */
  record AveragePool(Window window) implements Op {}

  /** {@code axis} is not negative. */
  record Concat(int axis) implements Op {}

  /** Constant padding of every dimension: {@code begins} then {@code ends}, negative ones crop. */
  record Pad(List<Integer> begins, List<Integer> ends, float value) implements Op {}

  /** The same elements in the same order. */
  record Reshape(Shape shape) implements Op {}

  record Transpose(List<Integer> permutation) implements Op {}

  /** A copy; also Dropout in inference. */
  record Identity() implements Op {}

  /** Fills the shape given by its constant input. */
  record ConstantOfShape(float value) implements Op {}

  /** Inputs: value, constant scale, constant zero point (absent when two inputs: uint8 0). */
  record Quantise(int axis) implements Op {}

  /** Inputs: codes, constant scale, constant zero point (absent when two inputs: 0). */
  record Dequantise(int axis) implements Op {}

  /** An operator left in its ONNX form: only the host can run it. Absent inputs are "". */
  record Foreign(String type, String domain, SortedMap<String, Attribute> attributes)
      implements Op {}
}
