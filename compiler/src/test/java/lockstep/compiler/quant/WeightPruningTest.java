// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import lockstep.arch.quantisation.Pruning;
import lockstep.compiler.graph.Constant;
import lockstep.compiler.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightPruningTest {
  private static float[] pruned(Pruning pruning, Shape shape, float... weights) {
    return WeightPruning.apply(new Constant.Floats(shape, weights), pruning).floats();
  }

  @Test
  void theLeastMagnitudesGoAndOfEqualOnesTheFirst() {
    assertThat(pruned(new Pruning.Magnitude(0.5), Shape.of(2, 3, 1, 1), 5, -1, 2, -2, 2, -7))
        .containsExactly(5, 0, 0, 0, 2, -7);
  }

  @Test
  void zerosThatAreThereCount() {
    assertThat(pruned(new Pruning.Magnitude(0.5), Shape.of(1, 4, 1, 1), 0, 1, 0, 2))
        .containsExactly(0, 1, 0, 2);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4", "4, 8", "1, 3"})
  void alongTheInputChannelsTheLargestStay(int n, int m) {
    Random random = new Random(n * 31 + m);
    int channels = 10;
    int kernel = 9;
    float[] weights = new float[6 * channels * kernel];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(8) == 0 ? 0 : random.nextInt(9) - 4;
    }
    float[] after = pruned(new Pruning.NOfM(n, m), Shape.of(6, channels, 3, 3), weights);
    for (int k = 0; k < 6; k++) {
      for (int at = 0; at < kernel; at++) {
        for (int from = 0; from < channels; from += m) {
          int stay = 0;
          double least = Double.POSITIVE_INFINITY;
          double gone = 0;
          for (int c = from; c < Math.min(channels, from + m); c++) {
            int i = (k * channels + c) * kernel + at;
            if (after[i] != 0) {
              assertThat(after[i]).isEqualTo(weights[i]);
              stay++;
              least = Math.min(least, Math.abs(after[i]));
            } else {
              gone = Math.max(gone, Math.abs(weights[i]));
            }
          }
          assertThat(stay).isLessThanOrEqualTo(n);
          assertThat(gone).isLessThanOrEqualTo(least);
          assertThat(stay == n || gone == 0).as("no more go than must").isTrue();
        }
      }
    }
  }

  @Test
  void averagesScalesAndPrescribedCodesStay() {
    Pruning half = new Pruning.Magnitude(0.9);
    Constant splat = new Constant.Splat(Shape.of(4, 1, 3, 3), 0.1f);
    Constant scales = new Constant.Floats(Shape.of(2, 1, 1, 1), new float[] {1, 2});
    Constant codes =
        new Constant.Codes(Shape.of(1, 2, 1, 1), new byte[] {1, 5}, new float[] {1}, 0);
    assertThat(WeightPruning.apply(splat, half)).isSameAs(splat);
    assertThat(WeightPruning.apply(scales, half)).isSameAs(scales);
    assertThat(WeightPruning.apply(codes, half)).isSameAs(codes);
  }
}
