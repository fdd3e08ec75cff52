// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.onnx;

import java.util.List;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/**
 * What the graph's own operators ask of operands that their result's type does not depend on: how
 * many there are, and that parameters fit their value. Passes rely on it.
 */
final class TypedOperands {
  private TypedOperands() {}

  /**
   * @throws IllegalArgumentException if there are too few or too many operands, or one does not fit
   */
  static void require(Op op, List<ValueType> inputs) {
    int least = least(op);
    int most = most(op);
    if (inputs.size() < least || inputs.size() > most) {
      throw new IllegalArgumentException(
          inputs.size() + " inputs instead of " + least + (most > least ? " or more" : ""));
    }
    Shape x = inputs.getFirst().shape();
    switch (op) {
      case Op.Conv _ -> {
        for (ValueType bias : inputs.subList(2, inputs.size())) {
          requireShape("its bias", bias, Shape.of(inputs.get(1).shape().dim(0)));
        }
      }
      case Op.Gemm _ -> {
        for (ValueType sum : inputs.subList(2, inputs.size())) {
          ValueType product = TypeInference.infer(op, inputs.subList(0, 2), null);
          Shape both = TypeInference.broadcast(product.shape(), sum.shape());
          requireShape("its sum", new ValueType(sum.element(), both), product.shape());
        }
      }
      case Op.BatchNormalization _ -> {
        for (ValueType parameter : inputs.subList(1, 5)) {
          requireShape("a parameter", parameter, Shape.of(x.dim(1)));
        }
      }
      case Op.Quantise q -> requireScales(q.axis(), inputs);
      case Op.Dequantise q -> requireScales(q.axis(), inputs);
      case Op _ -> {}
    }
  }

  private static int least(Op op) {
    return switch (op) {
      case Op.Conv _,
          Op.Gemm _,
          Op.MatMul _,
          Op.Mul _,
          Op.Linear _,
          Op.Product _,
          Op.Quantise _,
          Op.Dequantise _ ->
          2;
      case Op.Affine _ -> 3;
      case Op.BatchNormalization _ -> 5;
      case Op.Add _,
          Op.Activate _,
          Op.MaxPool _,
          Op.AveragePool _,
          Op.Concat _,
          Op.Pad _,
          Op.Reshape _,
          Op.Transpose _,
          Op.Identity _,
          Op.ConstantOfShape _,
          Op.Foreign _ ->
          1;
    };
  }

  private static int most(Op op) {
    return switch (op) {
      case Op.Conv _, Op.Gemm _, Op.Linear _, Op.Quantise _, Op.Dequantise _ -> 3;
      case Op.Add _, Op.Concat _, Op.Foreign _ -> Integer.MAX_VALUE;
      case Op.MatMul _,
          Op.Mul _,
          Op.Product _,
          Op.Affine _,
          Op.BatchNormalization _,
          Op.Activate _,
          Op.MaxPool _,
          Op.AveragePool _,
          Op.Pad _,
          Op.Reshape _,
          Op.Transpose _,
          Op.Identity _,
          Op.ConstantOfShape _ ->
          least(op);
    };
  }

  private static void requireScales(int axis, List<ValueType> inputs) {
    Shape x = inputs.getFirst().shape();
    Shape scales = inputs.get(1).shape();
    if (inputs.size() > 2 && inputs.get(2).shape().elements() != scales.elements()) {
      throw new IllegalArgumentException("scales and zero points differ in number");
    }
    if (scales.elements() != 1) {
      if (axis < -x.rank() || axis >= x.rank()) {
        throw new IllegalArgumentException("axis " + axis + " of a value of rank " + x.rank());
      }
      requireShape("its scale", inputs.get(1), Shape.of(x.dim(axis)));
    }
  }

  private static void requireShape(String what, ValueType type, Shape shape) {
    if (!type.shape().equals(shape)) {
      throw new IllegalArgumentException(what + " is " + type + " instead of " + shape);
    }
  }
}
