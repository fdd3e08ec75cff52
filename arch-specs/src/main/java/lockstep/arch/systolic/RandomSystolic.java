// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.systolic;

import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;

/**
 * Draws systolic machines for testing: odd sizes, tiny buffers, narrow and wide ports, memories
 * without latency and with a lot of it. The same generator state gives the same machine.
 */
public final class RandomSystolic {
  private RandomSystolic() {}

  /** A machine whose array has at most {@code largest} rows and columns. */
  public static SystolicArchitecture draw(RandomGenerator random, String name, int largest) {
    int rows = 1 + random.nextInt(largest);
    int cols = 1 + random.nextInt(largest);
    Set<Dataflow> dataflows =
        switch (random.nextInt(3)) {
          case 0 -> EnumSet.of(Dataflow.WS);
          case 1 -> EnumSet.of(Dataflow.OS);
          default -> EnumSet.allOf(Dataflow.class);
        };
    int width = Math.max(rows, cols) + (random.nextInt(3) == 0 ? random.nextInt(5) : 0);
    int banks = 3 + random.nextInt(4);
    int bankRows = 64 + random.nextInt(1 << (5 + random.nextInt(6)));
    int accumulatorBanks = 1 + random.nextInt(4);
    int accumulatorRows = 16 + random.nextInt(1 << (3 + random.nextInt(6)));
    int port = 4 << random.nextInt(6);
    int beats = Math.min(1 << random.nextInt(7), 4096 / port);
    int latency =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(8);
          case 2 -> random.nextInt(100);
          default -> random.nextInt(500);
        };
    return new SystolicArchitecture(
        name,
        new SystolicArchitecture.Array(rows, cols, dataflows),
        new SystolicArchitecture.Scratchpad((long) banks * bankRows * width, banks, width),
        new SystolicArchitecture.Accumulator(
            4L * cols * accumulatorBanks * accumulatorRows, accumulatorBanks, 4 * cols),
        new SystolicArchitecture.PostProcessing(
            1 + random.nextInt(cols + 2), 2 + random.nextInt(8)),
        new Dma(port, 1 + random.nextInt(16), beats),
        new SystolicArchitecture.Queues(1 + random.nextInt(8), 8 + 4 * random.nextInt(3)),
        new OffChipMemory("unit", latency, 1 + random.nextInt(2 * port), 1L << 28),
        1000,
        "unit");
  }
}
