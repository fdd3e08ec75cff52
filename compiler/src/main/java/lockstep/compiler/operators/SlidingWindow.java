// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.operators;

import java.util.Arrays;
import lockstep.compiler.graph.Shape;

/**
 * A window over any number of spatial dimensions, one array element each.
 *
 * @param input spatial sizes
 * @param begins padding before; what comes after does not matter beyond {@code output}
 * @param output how many windows there are
 * @param padded input and padding, without what rounding up adds
 */
record SlidingWindow(
    int[] input,
    int[] kernel,
    int[] strides,
    int[] dilations,
    int[] begins,
    int[] output,
    int[] padded) {

  /** The window of a convolution or pooling whose first input is [batch][channels][spatial...]. */
  static SlidingWindow of(Call call, int[] kernel) {
    Shape x = call.shape(0);
    int rank = x.rank() - 2;
    Call.requires(
        rank >= 1 && kernel.length == rank, "a window of rank " + kernel.length + " on " + x);
    int[] input = new int[rank];
    Arrays.setAll(input, i -> x.dim(i + 2));
    int[] strides = sizes(call, "strides", rank, 1);
    int[] dilations = sizes(call, "dilations", rank, 1);
    int[] pads = sizes(call, "pads", 2 * rank, 0);
    String automatic = call.text("auto_pad", "NOTSET");
    boolean same = automatic.startsWith("SAME");
    boolean ceil = call.flag("ceil_mode");
    int[] begins = new int[rank];
    int[] output = new int[rank];
    int[] padded = new int[rank];
    for (int i = 0; i < rank; i++) {
      Call.requires(
          kernel[i] > 0 && strides[i] > 0 && dilations[i] > 0,
          "kernel, strides or dilations are not positive");
      int reach = dilations[i] * (kernel[i] - 1) + 1;
      int begin = automatic.equals("NOTSET") ? pads[i] : 0;
      int end = automatic.equals("NOTSET") ? pads[i + rank] : 0;
      if (same) {
        int total =
            Math.max(0, (Math.ceilDiv(input[i], strides[i]) - 1) * strides[i] + reach - input[i]);
        begin = automatic.equals("SAME_LOWER") ? total - total / 2 : total / 2;
        end = total - begin;
      }
      Call.requires(begin >= 0 && end >= 0, "negative pads");
      int slide = input[i] + begin + end - reach;
      Call.requires(slide >= 0, "a window larger than its padded input " + x);
      int count = (ceil && !same ? Math.ceilDiv(slide, strides[i]) : slide / strides[i]) + 1;
      // a window that would start behind the input and its leading padding is dropped
      output[i] = ceil && (count - 1) * strides[i] >= input[i] + begin ? count - 1 : count;
      begins[i] = begin;
      padded[i] = input[i] + begin + end;
    }
    return new SlidingWindow(input, kernel, strides, dilations, begins, output, padded);
  }

  /** The attribute, or so many of {@code otherwise}. */
  static int[] sizes(Call call, String name, int count, int otherwise) {
    Call.requires(count >= 0, "a window on " + call.shape(0));
    long[] given = call.integers(name);
    int[] sizes = new int[count];
    Arrays.fill(sizes, otherwise);
    if (given != null) {
      Call.requires(given.length == count, name + " has not " + count + " numbers");
      Arrays.setAll(sizes, i -> Math.toIntExact(given[i]));
    }
    return sizes;
  }

  /** The kernel of a pooling. */
  static int[] kernel(Call call) {
    return sizes(call, "kernel_shape", call.rank(0) - 2, 0);
  }

  Shape outputShape(int batch, int channels) {
    int[] dims = new int[output.length + 2];
    dims[0] = batch;
    dims[1] = channels;
    System.arraycopy(output, 0, dims, 2, output.length);
    return Shape.of(dims);
  }

  int inputs() {
    return (int) Shape.of(input).elements();
  }

  int outputs() {
    return (int) Shape.of(output).elements();
  }

  int taps() {
    return (int) Shape.of(kernel).elements();
  }

  /** Per dimension, the first index that a window reads; it may lie in the padding. */
  int start(int window, int dimension) {
    int at = window;
    for (int d = output.length - 1; d > dimension; d--) {
      at /= output[d];
    }
    return at % output[dimension] * strides[dimension] - begins[dimension];
  }

  /** Where each tap of the kernel lies in each of some windows: an input's place, or -1. */
  int[][] places(int fromWindow, int count) {
    int[][] places = new int[taps()][count];
    int[] own = View.strides(Shape.of(input));
    int[] taps = View.strides(Shape.of(kernel));
    for (int d = 0; d < input.length; d++) {
      int[] starts = new int[count];
      for (int j = 0; j < count; j++) {
        starts[j] = start(fromWindow + j, d);
      }
      for (int tap = 0; tap < places.length; tap++) {
        int shift = tap / taps[d] % kernel[d] * dilations[d];
        for (int j = 0; j < count; j++) {
          int at = starts[j] + shift;
          places[tap][j] =
              places[tap][j] < 0 || at < 0 || at >= input[d] ? -1 : places[tap][j] + at * own[d];
        }
      }
    }
    return places;
  }
}
