// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * Normalisation over all dimensions from an axis on: by mean and deviation, or by the root of the
 * mean square alone. Results: the value, and for the former the means and the inverse deviations.
 */
record LayerNormalisation(boolean centred) implements Operator {
  static final Map<String, Operator> TABLE =
      Map.of(
          "LayerNormalization", new LayerNormalisation(true),
          "RMSNormalization", new LayerNormalisation(false),
          "SimplifiedLayerNormalization", new LayerNormalisation(false));

  @Override
  public List<ValueType> types(Call call) {
    Shape x = call.shape(0);
    int axis = Call.axis(call.integer("axis", -1), x.rank());
    Shape kept = x;
    for (int i = axis; i < x.rank(); i++) {
      kept = kept.with(i, 1);
    }
    View.broadcastStrides(call.shape(1), x);
    ValueType statistics = ValueType.floats(kept);
    return List.of(call.input(0), statistics, statistics);
  }

  @Override
  public List<Constant> evaluate(Call call) {
    List<ValueType> types = types(call);
    Shape shape = call.shape(0);
    int axis = Call.axis(call.integer("axis", -1), shape.rank());
    float epsilon = call.real("epsilon", 1e-5);
    int length = (int) shape.product(axis, shape.rank());
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    float[] scale = call.floats(1);
    int[] scales = View.broadcast(call.shape(1), shape);
    float[] bias = call.has(2) ? call.floats(2) : new float[1];
    int[] biases = call.has(2) ? View.broadcast(call.shape(2), shape) : new int[x.length];
    float[] means = new float[(int) types.get(1).shape().elements()];
    float[] inverses = new float[means.length];
    for (int line = 0; line < means.length; line++) {
      Statistics own = Statistics.of(x, line * length, length, 1);
      double mean = centred ? own.mean() : 0;
      double inverse = 1 / Math.sqrt((centred ? own.variance() : own.meanSquare()) + epsilon);
      means[line] = (float) mean;
      inverses[line] = (float) inverse;
      for (int i = line * length; i < (line + 1) * length; i++) {
        y[i] = (float) ((x[i] - mean) * inverse * scale[scales[i]] + bias[biases[i]]);
      }
    }
    return List.of(
        new Constant.Floats(shape, y),
        new Constant.Floats(types.get(1).shape(), means),
        new Constant.Floats(types.get(1).shape(), inverses));
  }
}
