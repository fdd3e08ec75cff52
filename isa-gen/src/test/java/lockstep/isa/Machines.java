// SPDX-License-Identifier: Apache-2.0
package lockstep.isa;

import java.util.EnumSet;
import java.util.random.RandomGenerator;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Accumulator;
import lockstep.arch.systolic.SystolicArchitecture.Array;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.arch.systolic.SystolicArchitecture.PostProcessing;
import lockstep.arch.systolic.SystolicArchitecture.Queues;
import lockstep.arch.systolic.SystolicArchitecture.Scratchpad;

/** Systolic machines for tests. */
final class Machines {
  private Machines() {}

  static SystolicArchitecture of(
      String name, int rows, int cols, int scratchpadRows, int accumulatorRows, int parameterRows) {
    int width = Math.max(rows, cols);
    return new SystolicArchitecture(
        name,
        new Array(rows, cols, EnumSet.allOf(Dataflow.class)),
        new Scratchpad(4L * scratchpadRows * width, 4, width),
        new Accumulator(2L * accumulatorRows * 4 * cols, 2, 4 * cols),
        new PostProcessing(4, parameterRows),
        new Dma(8, 4, 8),
        new Queues(4, 8),
        new OffChipMemory("unit", 10, 8, 1L << 32),
        500,
        "unit");
  }

  static SystolicArchitecture tiny() {
    return of("tiny-4x4", 4, 4, 64, 32, 8);
  }

  static SystolicArchitecture random(RandomGenerator random) {
    return of(
        "drawn",
        random.nextInt(1, 257),
        random.nextInt(1, 257),
        random.nextInt(1, 20_000),
        random.nextInt(1, 5_000),
        random.nextInt(1, 2_000));
  }
}
