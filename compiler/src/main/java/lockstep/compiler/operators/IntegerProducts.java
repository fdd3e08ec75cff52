// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.ElementType;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Convolutions and matrix products of codes: each operand less its zero point, summed exactly, then
 * int32 sums (MatMulInteger, ConvInteger) or codes again (QLinearMatMul, QLinearConv).
 *
 * @param convolution whether it convolves
 * @param recodes whether the sums become codes; its inputs then are each operand with scale and
 *     zero point, the result's scale and zero point, and a bias
 */
record IntegerProducts(boolean convolution, boolean recodes) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "MatMulInteger", new IntegerProducts(false, false),
          "ConvInteger", new IntegerProducts(true, false),
          "QLinearMatMul", new IntegerProducts(false, true),
          "QLinearConv", new IntegerProducts(true, true));

  private int right() {
    return recodes ? 3 : 1;
  }

  @Override
  public List<ValueType> types(Call call) {
    Shape shape =
        convolution
            ? Convolution.shape(call, right())
            : MatrixProduct.shape(call.input(0), call.input(right()));
    return List.of(new ValueType(recodes ? call.element(7) : ElementType.INT32, shape));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    ValueType type = types(call).getFirst();
    // a matrix on the right has a zero point for each column, weights one for each output channel
    long[] left = centred(call, 0, 2, convolution ? 1 : -2);
    long[] right = centred(call, right(), recodes ? 5 : 3, convolution ? 0 : -1);
    long[] sums =
        convolution ? convolved(call, type.shape(), left, right) : product(call, left, right);
    if (!recodes) {
      return List.of(View.integers(type.element(), type.shape(), sums));
    }
    float[] from = call.floats(1);
    float[] weights = call.floats(4);
    float to = call.floats(6)[0];
    long zero = call.integers(7)[0];
    int inner = convolution ? (int) type.shape().product(2, type.shape().rank()) : 1;
    long[] codes = new long[sums.length];
    for (int i = 0; i < codes.length; i++) {
      int channel = i / inner % (convolution ? type.shape().dim(1) : type.shape().dim(-1));
      float weight = weights[weights.length == 1 ? 0 : channel];
      long bias = convolution && call.has(8) ? call.integers(8)[channel] : 0;
      float real = (float) (sums[i] + bias) * (from[0] * weight / to);
      codes[i] = Scales.saturated(type.element(), Math.rint(real) + zero);
    }
    return List.of(new Constant.Integers(type.element(), type.shape(), codes));
  }

  /** Codes without their zero point, which may differ along an axis. */
  private long[] centred(Call call, int codes, int zero, int axis) {
    int at = recodes ? codes + 2 : zero;
    long[] values = call.integers(codes).clone();
    if (!call.has(at)) {
      return values;
    }
    long[] zeros = call.integers(at);
    Shape shape = call.shape(codes);
    int along = zeros.length == 1 ? 0 : Call.axis(axis, shape.rank());
    int inner = (int) shape.product(along + 1, shape.rank());
    for (int i = 0; i < values.length; i++) {
      values[i] -= zeros.length == 1 ? zeros[0] : zeros[i / inner % shape.dim(along)];
    }
    return values;
  }

  private long[] product(Call call, long[] left, long[] right) {
    return MatrixProduct.integers(call.shape(0), left, call.shape(right()), right);
  }

  private long[] convolved(Call call, Shape shape, long[] x, long[] w) {
    SlidingWindow window = Convolution.window(call, right());
    int[][] places = window.places(0, window.outputs());
    int perGroup = call.shape(right()).dim(1);
    int groups = call.small("group", 1);
    int channels = shape.dim(1) / groups;
    long[] sums = new long[(int) shape.elements()];
    Dense.forEach(
        shape.dim(0) * shape.dim(1),
        (long) perGroup * places.length * window.outputs(),
        plane -> {
          int channel = plane % shape.dim(1);
          int image = plane / shape.dim(1) * groups + channel / channels;
          long[] line = new long[window.outputs()];
          for (int k = 0; k < perGroup * places.length; k++) {
            int input = (image * perGroup + k / places.length) * window.inputs();
            int[] place = places[k % places.length];
            long weight = w[channel * perGroup * places.length + k];
            for (int i = 0; i < line.length; i++) {
              line[i] += place[i] < 0 ? 0 : weight * x[input + place[i]];
            }
          }
          System.arraycopy(line, 0, sums, plane * line.length, line.length);
        });
    return sums;
  }
}
