// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import java.util.Arrays;
import lockstep.arch.quantisation.Pruning;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;

/**
 * Weights with some of them made 0: {@code [outputChannels][inputChannels /
 * groups][kernelH][kernelW]}. Only real numbers of more than one weight an output channel are
 * pruned, so that averages, copies and scales per channel stay as they are; codes that a quantised
 * model prescribes stay, too.
 */
final class WeightPruning {
  private WeightPruning() {}

  static boolean applies(Constant weights) {
    return weights instanceof Constant.Floats
        && weights.shape().elements() > weights.shape().dim(0);
  }

  static Constant apply(Constant weights, Pruning pruning) {
    if (!applies(weights)) {
      return weights;
    }
    return switch (pruning) {
      case Pruning.None _ -> weights;
      case Pruning.Magnitude(double sparsity) -> smallest(weights, sparsity);
      case Pruning.NOfM(int n, int m) -> largestOf(weights, n, m);
    };
  }

  /** The {@code floor(sparsity x count)} weights of least magnitude, of equal ones the first. */
  private static Constant smallest(Constant weights, double sparsity) {
    float[] values = weights.floats().clone();
    float[] magnitudes = magnitudes(values);
    int gone = (int) (sparsity * values.length);
    if (gone > 0) {
      float[] sorted = magnitudes.clone();
      Arrays.sort(sorted);
      float bound = sorted[gone - 1];
      int equal = gone - lowerBound(sorted, bound);
      for (int i = 0; i < values.length; i++) {
        if (magnitudes[i] < bound || (magnitudes[i] == bound && equal-- > 0)) {
          values[i] = 0;
        }
      }
    }
    return new Constant.Floats(weights.shape(), values);
  }

  private static float[] magnitudes(float[] values) {
    float[] magnitudes = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
    return magnitudes;
  }

  /** How many elements are less than {@code bound}. */
  private static int lowerBound(float[] sorted, float bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Of every m along the input channels the n largest stay; of fewer at the end as many. */
  private static Constant largestOf(Constant weights, int n, int m) {
    Shape shape = weights.shape();
    float[] values = weights.floats().clone();
    int channels = shape.dim(1);
    int kernel = Math.toIntExact(shape.product(2, shape.rank()));
    for (int k = 0; k < shape.dim(0); k++) {
      for (int at = 0; at < kernel; at++) {
        for (int from = 0; from < channels; from += m) {
          int first = (k * channels + from) * kernel + at;
          keepLargest(values, first, kernel, Math.min(m, channels - from), n);
        }
      }
    }
    return new Constant.Floats(shape, values);
  }

  private static void keepLargest(float[] values, int first, int stride, int count, int n) {
    int end = first + count * stride;
    int kept = 0;
    for (int i = first; i < end; i += stride) {
      kept += values[i] == 0 ? 0 : 1;
    }
    for (; kept > n; kept--) {
      int least = -1;
      for (int i = first; i < end; i += stride) {
        boolean less = least < 0 || Math.abs(values[i]) < Math.abs(values[least]);
        if (values[i] != 0 && less) {
          least = i;
        }
      }
      values[least] = 0;
    }
  }
}
