// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl;

import java.util.List;
import java.util.Set;
import lockstep.arch.Dma;
import lockstep.arch.OffChipMemory;
import lockstep.arch.systolic.SystolicArchitecture;
import lockstep.arch.systolic.SystolicArchitecture.Accumulator;
import lockstep.arch.systolic.SystolicArchitecture.Array;
import lockstep.arch.systolic.SystolicArchitecture.Dataflow;
import lockstep.arch.systolic.SystolicArchitecture.PostProcessing;
import lockstep.arch.systolic.SystolicArchitecture.Queues;
import lockstep.arch.systolic.SystolicArchitecture.Scratchpad;

/** Machines for tests, of every shape that the generator treats differently. */
final class Machines {
  private static final Set<Dataflow> WS = Set.of(Dataflow.WS);
  private static final Set<Dataflow> BOTH = Set.of(Dataflow.WS, Dataflow.OS);

  private Machines() {}

  /** 4 x 4, both dataflows, 4-byte port. */
  static SystolicArchitecture small() {
    return machine(
        4, 4, BOTH, new Dma(4, 2, 8), 2, new int[] {4, 256}, new int[] {2, 64}, memory(10, 4));
  }

  /** As small, of so few rows that most are written before they are read; slow memory. */
  static SystolicArchitecture cramped() {
    return machine(
        4, 4, BOTH, new Dma(4, 2, 8), 2, new int[] {4, 16}, new int[] {2, 16}, memory(25, 2));
  }

  /** 3 x 5, 4-byte port, one request in flight, single beats, one accumulator bank. */
  static SystolicArchitecture wide() {
    return machine(
        3, 5, WS, new Dma(4, 1, 1), 1, new int[] {3, 40}, new int[] {1, 12}, memory(0, 1));
  }

  /** 5 x 3, 16-byte port wider than a row. */
  static SystolicArchitecture tall() {
    return machine(
        5, 3, BOTH, new Dma(16, 3, 4), 8, new int[] {3, 100}, new int[] {3, 33}, memory(7, 5));
  }

  /** Shapes at the edges of what a spec may say. */
  static List<SystolicArchitecture> all() {
    return List.of(
        small(),
        wide(),
        tall(),
        machine(
            1, 1, BOTH, new Dma(128, 1, 1), 1, new int[] {3, 1}, new int[] {1, 1}, memory(0, 128)),
        machine(
            17, 33, BOTH, new Dma(64, 5, 2), 7, new int[] {5, 77}, new int[] {4, 20}, memory(9, 3)),
        machine(
            1, 7, BOTH, new Dma(4, 2, 256), 3, new int[] {3, 8}, new int[] {1, 8}, memory(1, 2)),
        machine(
            7, 1, WS, new Dma(128, 2, 32), 3, new int[] {3, 8}, new int[] {1, 8}, memory(3, 4096)));
  }

  /** 16 x 16, weight-stationary. */
  static SystolicArchitecture square(int size) {
    return machine(
        size,
        size,
        BOTH,
        new Dma(16, 16, 16),
        16,
        new int[] {4, 1024},
        new int[] {2, 512},
        memory(50, 16));
  }

  static SystolicArchitecture with(SystolicArchitecture a, OffChipMemory memory) {
    return new SystolicArchitecture(
        a.name(),
        a.array(),
        a.scratchpad(),
        a.accumulator(),
        a.postProcessing(),
        a.dma(),
        a.queues(),
        memory,
        a.clockMhz(),
        a.technology());
  }

  static OffChipMemory memory(int latencyCycles, int bytesPerCycle) {
    return new OffChipMemory("lpddr4", latencyCycles, bytesPerCycle, 1 << 24);
  }

  static SystolicArchitecture machine(
      int rows,
      int cols,
      Set<Dataflow> dataflows,
      Dma dma,
      int lanes,
      int[] scratchpad,
      int[] accumulator,
      OffChipMemory memory) {
    int width = Math.max(rows, cols) + rows % 2;
    return new SystolicArchitecture(
        "machine-%dx%d".formatted(rows, cols),
        new Array(rows, cols, dataflows),
        new Scratchpad((long) scratchpad[0] * scratchpad[1] * width, scratchpad[0], width),
        new Accumulator(
            (long) accumulator[0] * accumulator[1] * 4 * cols, accumulator[0], 4 * cols),
        new PostProcessing(lanes, 4),
        dma,
        new Queues(3, 8),
        memory,
        100,
        "45nm");
  }
}
