// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * ONNX Runtime's Gemm on codes: operands are a and b as codes, scale and zero point, an int32 bias
 * in the scale of the product, and the result's scale and zero point; without these it is floats.
 */
record QuantisedGemm() implements Operator {
  static final Map<String, Operator> TABLE = Map.of("com.microsoft.QGemm", new QuantisedGemm());

  @Override
  public List<ValueType> types(Call call) {
    Call codes =
        new Call(
            "Gemm",
            call.attributes(),
            call.opset(),
            List.of(call.input(0), call.input(3)),
            _ -> null,
            1);
    ElementType element = call.has(7) ? call.element(8) : ElementType.FLOAT;
    return List.of(
        new ValueType(element, Operators.require("Gemm").types(codes).getFirst().shape()));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    boolean turnedB = call.flag("transB");
    long[] a = centred(call, 0, call.flag("transA"), 0);
    long[] b = centred(call, 3, turnedB, turnedB ? 0 : 1);
    int rows = type.shape().dim(0);
    int columns = type.shape().dim(1);
    int inner = a.length / Math.max(1, rows);
    long[] sums = MatrixProduct.integers(Shape.of(rows, inner), a, Shape.of(inner, columns), b);
    float[] weights = call.floats(4);
    long[] bias = call.has(6) ? call.integers(6) : new long[1];
    int[] added = View.broadcast(call.has(6) ? call.shape(6) : Shape.SCALAR, type.shape());
    float[] real = new float[sums.length];
    for (int i = 0; i < real.length; i++) {
      float weight = weights[weights.length == 1 ? 0 : i % columns];
      real[i] = (sums[i] + bias[added[i]]) * (call.real("alpha", 1) * call.floats(1)[0] * weight);
    }
    if (!call.has(7)) {
      return List.of(new Constant.Floats(type.shape(), real));
    }
    float to = call.floats(7)[0];
    long zero = call.integers(8)[0];
    long[] codes = new long[real.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Scales.saturated(type.element(), Math.rint(real[i] / to) + zero);
    }
    return List.of(new Constant.Integers(type.element(), type.shape(), codes));
  }

  /** Codes less their zero points, which may differ along an axis; as a plain matrix. */
  private static long[] centred(Call call, int codes, boolean turned, int axis) {
    Shape shape = call.shape(codes);
    long[] values = call.integers(codes);
    long[] zeros = call.has(codes + 2) ? call.integers(codes + 2) : new long[1];
    Call.requires(
        zeros.length == 1 || zeros.length == shape.dim(axis),
        zeros.length + " zero points of " + shape);
    long[] result = new long[values.length];
    int columns = shape.dim(1);
    for (int i = 0; i < result.length; i++) {
      int row = i / columns;
      int column = i % columns;
      long zero = zeros[zeros.length == 1 ? 0 : axis == 0 ? row : column];
      result[turned ? column * shape.dim(0) + row : i] = values[i] - zero;
    }
    return result;
  }
}
