// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Op;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.TypeInference;
import lockstep.compiler.graph.ValueType;

/** MatMul: stacks of matrices, broadcast; a vector is a row on the left, a column on the right. */
final class MatrixProduct implements Operator {
  static final Map<String, Operator> TABLE = Map.of("MatMul", new MatrixProduct());

  private MatrixProduct() {}

  @Override
  public List<ValueType> types(Call call) {
    return List.of(new ValueType(call.element(0), shape(call.input(0), call.input(1))));
  }

  static Shape shape(ValueType a, ValueType b) {
    return TypeInference.infer(new Op.MatMul(), List.of(a, b), null).shape();
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    if (!call.isFloat(0)) {
      return List.of(
          View.integers(
              type.element(),
              type.shape(),
              integers(call.shape(0), call.integers(0), call.shape(1), call.integers(1))));
    }
    Stack stack = Stack.of(call.shape(0), call.shape(1));
    float[] a = call.floats(0);
    float[] b = call.floats(1);
    float[] y = new float[(int) type.shape().elements()];
    int size = stack.rows() * stack.columns();
    for (int i = 0; i < stack.left().length && size > 0; i++) {
      Dense.multiply(
          new Dense.Matrix(a, stack.left()[i], stack.inner(), 1),
          stack.rows(),
          stack.inner(),
          stack.columns(),
          Dense.columns(new Dense.Matrix(b, stack.right()[i], stack.columns(), 1)),
          Dense.into(y, i * size, stack.columns(), new double[0]));
    }
    return List.of(new Constant.Floats(type.shape(), y));
  }

  /** Exact products of integers. */
  static long[] integers(Shape leftShape, long[] a, Shape rightShape, long[] b) {
    Stack stack = Stack.of(leftShape, rightShape);
    long[] y = new long[stack.left().length * stack.rows() * stack.columns()];
    int at = 0;
    for (int i = 0; i < stack.left().length; i++) {
      for (int r = 0; r < stack.rows(); r++) {
        for (int c = 0; c < stack.columns(); c++) {
          long sum = 0;
          for (int k = 0; k < stack.inner(); k++) {
            sum +=
                a[stack.left()[i] + r * stack.inner() + k]
                    * b[stack.right()[i] + k * stack.columns() + c];
          }
          y[at++] = sum;
        }
      }
    }
    return y;
  }

  /**
   * Matrices of {@code rows x inner} and {@code inner x columns}.
   *
   * @param left where each left matrix starts
   */
  private record Stack(int rows, int inner, int columns, int[] left, int[] right) {
    static Stack of(Shape a, Shape b) {
      Shape left = a.rank() == 1 ? Shape.of(1, a.dim(0)) : a;
      Shape right = b.rank() == 1 ? Shape.of(b.dim(0), 1) : b;
      int rows = left.dim(-2);
      int inner = left.dim(-1);
      int columns = right.dim(-1);
      Shape ofLeft = new Shape(left.dims().subList(0, left.rank() - 2));
      Shape ofRight = new Shape(right.dims().subList(0, right.rank() - 2));
      Shape stack = TypeInference.broadcast(ofLeft, ofRight);
      return new Stack(
          rows,
          inner,
          columns,
          scaled(View.broadcast(ofLeft, stack), rows * inner),
          scaled(View.broadcast(ofRight, stack), inner * columns));
    }

    private static int[] scaled(int[] index, int by) {
      for (int i = 0; i < index.length; i++) {
        index[i] *= by;
      }
      return index;
    }
  }
}
