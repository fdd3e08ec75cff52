// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/** {@code alpha A B + beta C} with A or B transposed on demand and C broadcast. */
final class Gemm implements Operator {
  static final Map<String, Operator> TABLE = Map.of("Gemm", new Gemm());

  private Gemm() {}

  @Override
  public List<ValueType> types(Call call) {
    Shape a = call.shape(0);
    Shape b = call.shape(1);
    boolean turnedA = call.flag("transA");
    boolean turnedB = call.flag("transB");
    Call.requires(
        a.rank() == 2 && b.rank() == 2 && a.dim(turnedA ? 0 : 1) == b.dim(turnedB ? 1 : 0),
        "Gemm of " + a + " and " + b);
    return List.of(
        new ValueType(call.element(0), Shape.of(a.dim(turnedA ? 1 : 0), b.dim(turnedB ? 0 : 1))));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    Shape a = call.shape(0);
    Shape b = call.shape(1);
    boolean turnedA = call.flag("transA");
    boolean turnedB = call.flag("transB");
    float alpha = call.real("alpha", 1);
    float beta = call.real("beta", 1);
    int columns = shape.dim(1);
    float[] c = call.has(2) ? call.floats(2) : new float[1];
    int[] added = View.broadcast(call.has(2) ? call.shape(2) : Shape.SCALAR, shape);
    float[] y = new float[(int) shape.elements()];
    Dense.multiply(
        new Dense.Matrix(call.floats(0), 0, turnedA ? 1 : a.dim(1), turnedA ? a.dim(1) : 1),
        shape.dim(0),
        a.dim(turnedA ? 0 : 1),
        columns,
        Dense.columns(
            new Dense.Matrix(call.floats(1), 0, turnedB ? 1 : b.dim(1), turnedB ? b.dim(1) : 1)),
        (row, from, count, sums) -> {
          for (int j = 0; j < count; j++) {
            int at = row * columns + from + j;
            y[at] = (float) (alpha * sums[j] + (double) beta * c[added[at]]);
          }
        });
    return List.of(new Constant.Floats(shape, y));
  }
}
