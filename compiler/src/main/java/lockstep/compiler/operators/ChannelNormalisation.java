// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} by channel, dimension 1: with given
 * statistics (batch), or with those of each channel (instance) or group of channels of each image.
 */
record ChannelNormalisation(Form form) implements Operator {
  enum Form {
    BATCH,
    INSTANCE,
    GROUP
  }

  static final Map<String, Operator> TABLE =
      Map.of(
          "BatchNormalization", new ChannelNormalisation(Form.BATCH),
          "InstanceNormalization", new ChannelNormalisation(Form.INSTANCE),
          "GroupNormalization", new ChannelNormalisation(Form.GROUP));

  @Override
  public List<ValueType> types(Call call) {
    Call.requires(call.isFloat(0) && call.rank(0) >= 2, "a value " + call.input(0));
    Call.requires(
        form != Form.BATCH
            || (!call.flag("training_mode") && (call.opset() >= 7 || call.flag("is_test"))),
        "it is in training mode");
    Call.requires(call.integer("spatial", 1) == 1, "spatial = 0");
    int channels = call.shape(0).dim(1);
    int groups = groups(call);
    Call.requires(groups > 0 && channels % groups == 0, groups + " groups of " + channels);
    return List.of(call.input(0));
  }

  private int groups(Call call) {
    return form == Form.GROUP ? call.small("num_groups", 0) : call.shape(0).dim(1);
  }

  @Override
  public List<Constant> evaluate(Call call) {
    types(call);
    Shape shape = call.shape(0);
    int channels = shape.dim(1);
    int pixels = (int) shape.product(2, shape.rank());
    int perGroup = channels / groups(call);
    float epsilon = call.real("epsilon", 1e-5);
    float[] x = call.floats(0);
    float[] y = new float[x.length];
    // until opset 21 a group had one scale and bias, since then a channel has
    boolean byGroup = form == Form.GROUP && call.opset() < 21;
    for (int plane = 0; plane < shape.dim(0) * channels; plane++) {
      int channel = plane % channels;
      int parameter = byGroup ? channel / perGroup : channel;
      double mean;
      double variance;
      if (form == Form.BATCH) {
        mean = call.floats(3)[channel];
        variance = call.floats(4)[channel];
      } else {
        int start = plane / perGroup * perGroup * pixels;
        Statistics own = Statistics.of(x, start, perGroup * pixels, 1);
        mean = own.mean();
        variance = own.variance();
      }
      double scale = call.floats(1)[parameter] / Math.sqrt(variance + epsilon);
      double bias = call.floats(2)[parameter];
      for (int i = plane * pixels; i < (plane + 1) * pixels; i++) {
        y[i] = (float) ((x[i] - mean) * scale + bias);
      }
    }
    return List.of(new Constant.Floats(shape, y));
  }
}
