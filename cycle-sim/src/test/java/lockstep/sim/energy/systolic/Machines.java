// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy.systolic;

import java.util.EnumSet;
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

  /** 2 rows, 4 columns, two lanes, a port of 8 bytes, 100 MHz. */
  static SystolicArchitecture small(String technology, String memory) {
    return new SystolicArchitecture(
        "small",
        new Array(2, 4, EnumSet.allOf(Dataflow.class)),
        new Scratchpad(4096, 4, 8),
        new Accumulator(2048, 2, 16),
        new PostProcessing(2, 8),
        new Dma(8, 2, 4),
        new Queues(4, 8),
        new OffChipMemory(memory, 10, 8, 1 << 20),
        100,
        technology);
  }

  /** The sizes of Gemmini's default configuration at 1 GHz. */
  static SystolicArchitecture gemmini(String technology) {
    return new SystolicArchitecture(
        "gemmini",
        new Array(16, 16, EnumSet.of(Dataflow.WS)),
        new Scratchpad(262144, 4, 16),
        new Accumulator(65536, 2, 64),
        new PostProcessing(16, 32),
        new Dma(16, 16, 16),
        new Queues(8, 16),
        new OffChipMemory("lpddr4", 50, 16, 1L << 30),
        1000,
        technology);
  }
}
