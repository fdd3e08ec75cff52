// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Softmax, its logarithm, and the indicator of the first largest element. Since opset 13 along one
 * axis (the last unless told), before over all dimensions from the axis (1 unless told) on.
 */
record Softmax(Form form) implements Operator {
  enum Form {
    PROBABILITY,
    LOGARITHM,
    HARD
  }

  static final Map<String, Operator> TABLE =
      Map.of(
          "Softmax", new Softmax(Form.PROBABILITY),
          "LogSoftmax", new Softmax(Form.LOGARITHM),
          "Hardmax", new Softmax(Form.HARD));

  @Override
  public List<ValueType> types(Call call) {
    lanes(call);
    return List.of(call.input(0));
  }

  private static Lanes lanes(Call call) {
    Shape x = call.shape(0);
    if (call.opset() >= 13) {
      return Lanes.along(x, Call.axis(call.integer("axis", -1), x.rank()));
    }
    long asked = call.integer("axis", 1);
    int axis = asked == x.rank() ? x.rank() : Call.axis(asked, x.rank());
    return new Lanes((int) x.product(0, axis), (int) x.product(axis, x.rank()), 1);
  }

  @Override
  public List<Constant> evaluate(Call call) {
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    Lanes lanes = lanes(call);
    lanes.forEach((start, step) -> line(x, y, lanes.length(), start, step));
    return List.of(new Constant.Floats(call.shape(0), y));
  }

  private void line(float[] x, float[] y, int length, int start, int step) {
    int first = start;
    double sum = 0;
    for (int i = 0; i < length; i++) {
      first = x[start + i * step] > x[first] ? start + i * step : first;
    }
    for (int i = 0; i < length && form != Form.HARD; i++) {
      sum += Math.exp((double) x[start + i * step] - x[first]);
    }
    for (int i = 0; i < length; i++) {
      int at = start + i * step;
      y[at] =
          switch (form) {
            case PROBABILITY -> (float) (Math.exp((double) x[at] - x[first]) / sum);
            case LOGARITHM -> (float) ((double) x[at] - x[first] - Math.log(sum));
            case HARD -> at == first ? 1 : 0;
          };
    }
  }
}
