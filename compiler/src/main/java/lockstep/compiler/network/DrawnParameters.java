// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.random.RandomGenerator;
import lockstep.isa.FixedPoint;
import org.jspecify.annotations.Nullable;

/** Draws the windows and the ways out of the accumulator of random layers. */
final class DrawnParameters {
  private final RandomGenerator random;

  DrawnParameters(RandomGenerator random) {
    this.random = random;
  }

  private int upTo(int bound) {
    return 1 + random.nextInt(bound);
  }

  Window window(int h, int w, int kernel) {
    while (true) {
      Window win =
          new Window(
              upTo(kernel),
              upTo(kernel),
              upTo(3),
              upTo(3),
              random.nextInt(4) == 0 ? 2 : 1,
              random.nextInt(4) == 0 ? 2 : 1,
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3));
      if (win.outH(h) >= 1 && win.outW(w) >= 1) {
        return win;
      }
    }
  }

  Output output(Tensor to, @Nullable Window pool, @Nullable Tensor residual) {
    int[] multipliers = new int[to.c()];
    int[] shifts = new int[to.c()];
    int outShift = random.nextInt(9);
    for (int i = 0; i < to.c(); i++) {
      FixedPoint.Scale s = FixedPoint.scale(random.nextDouble(0.0005, 0.05) * (1 << outShift));
      multipliers[i] = s.multiplier();
      shifts[i] = s.shift();
    }
    int min = random.nextBoolean() ? -128 : to.zeroPoint();
    int max = random.nextInt(3) > 0 ? 127 : Math.min(127, min + upTo(200));
    return new Output(
        pool,
        multipliers,
        shifts,
        residual,
        residual == null ? 0 : upTo((1 << outShift) * 2),
        random.nextInt(4) == 0 ? random.nextInt(1 << 15) : 1 << 15,
        outShift,
        min,
        max);
  }
}
