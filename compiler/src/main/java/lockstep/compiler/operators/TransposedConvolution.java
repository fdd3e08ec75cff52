// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import lockstep.compiler.graph.ValueType;

/**
 * ConvTranspose: value, weights [in][out / groups][kernel], bias. Every input is spread over the
 * outputs that a convolution of the same window would have read to make it.
 */
final class TransposedConvolution implements Operator {
  static final Map<String, Operator> TABLE = Map.of("ConvTranspose", new TransposedConvolution());

  private TransposedConvolution() {}

  /** The convolution, from this operator's outputs to its inputs. */
  private static SlidingWindow reverse(Call call) {
    Shape x = call.shape(0);
    Shape w = call.shape(1);
    int rank = x.rank() - 2;
    Call.requires(
        rank >= 1
            && w.rank() == x.rank()
            && w.dim(0) == x.dim(1)
            && x.dim(1) % call.small("group", 1) == 0,
        "a value " + x + " with weights " + w);
    int[] strides = SlidingWindow.sizes(call, "strides", rank, 1);
    int[] dilations = SlidingWindow.sizes(call, "dilations", rank, 1);
    int[] pads = SlidingWindow.sizes(call, "pads", 2 * rank, 0);
    int[] extra = SlidingWindow.sizes(call, "output_padding", rank, 0);
    long[] asked = call.integers("output_shape");
    String automatic = call.text("auto_pad", "NOTSET");
    int[] kernel = new int[rank];
    int[] begins = new int[rank];
    int[] result = new int[rank];
    int[] input = new int[rank];
    for (int i = 0; i < rank; i++) {
      kernel[i] = w.dim(i + 2);
      input[i] = x.dim(i + 2);
      int reach = dilations[i] * (kernel[i] - 1) + 1;
      int full = strides[i] * (input[i] - 1) + extra[i] + reach;
      begins[i] = pads[i];
      result[i] = full - pads[i] - pads[i + rank];
      if (asked != null || automatic.startsWith("SAME")) {
        result[i] =
            asked != null ? Math.toIntExact(asked[i + asked.length - rank]) : input[i] * strides[i];
        int total = Math.max(0, full - result[i]);
        begins[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      } else if (automatic.equals("VALID")) {
        begins[i] = 0;
        result[i] = full;
      }
    }
    return new SlidingWindow(result, kernel, strides, dilations, begins, input, result);
  }

  @Override
  public List<ValueType> types(Call call) {
    SlidingWindow reverse = reverse(call);
    int[] dims = new int[call.rank(0)];
    dims[0] = call.shape(0).dim(0);
    dims[1] = call.shape(1).dim(1) * call.small("group", 1);
    System.arraycopy(reverse.input(), 0, dims, 2, dims.length - 2);
    return List.of(ValueType.floats(dims));
  }

  @Override
  public List<Constant> evaluate(Call call) {
    Shape shape = types(call).getFirst().shape();
    SlidingWindow reverse = reverse(call);
    int[][] places = reverse.places(0, reverse.outputs());
    int groups = call.small("group", 1);
    int channels = shape.dim(1) / groups;
    int perGroup = call.shape(0).dim(1) / groups;
    int pixels = reverse.inputs();
    int sources = reverse.outputs();
    float[] x = call.floats(0);
    float[] w = call.floats(1);
    float[] bias = call.has(2) ? call.floats(2) : new float[shape.dim(1)];
    float[] y = new float[(int) shape.elements()];
    Dense.forEach(
        shape.dim(0) * shape.dim(1),
        (long) perGroup * sources * places.length,
        plane -> {
          int image = plane / shape.dim(1);
          int channel = plane % shape.dim(1);
          int group = channel / channels;
          double[] sums = new double[pixels];
          Arrays.fill(sums, bias[channel]);
          for (int i = 0; i < perGroup; i++) {
            int from = (image * groups * perGroup + group * perGroup + i) * sources;
            int weights = ((group * perGroup + i) * channels + channel % channels) * places.length;
            for (int tap = 0; tap < places.length; tap++) {
              double weight = w[weights + tap];
              for (int j = 0; j < sources; j++) {
                if (places[tap][j] >= 0) {
                  sums[places[tap][j]] += weight * x[from + j];
                }
              }
            }
          }
          for (int i = 0; i < pixels; i++) {
            y[plane * pixels + i] = (float) sums[i];
          }
        });
    return List.of(new Constant.Floats(shape, y));
  }
}
