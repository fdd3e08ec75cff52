// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.systolic;

import java.util.EnumMap;
import java.util.List;
import lockstep.isa.systolic.SystolicCounter;
import lockstep.sim.RunResult;

/**
 * A simulated run in detail.
 *
 * @param result what a lockstep comparison compares
 * @param layers counters of each layer of the program; each counter's sum over the layers is the
 *     run's. A layer's cycles are those of the execute unit's account: the time it was working for
 *     the layer or waiting for it.
 * @param dispatch cycle in which each instruction left the fetch buffer
 * @param accept cycle in which its unit accepted it
 */
public record SystolicRun(
    RunResult result, List<EnumMap<SystolicCounter, Long>> layers, long[] dispatch, long[] accept) {

  /** Cycles of one layer: its share of the execute unit's account. */
  public long layerCycles(int layer) {
    long cycles = 0;
    for (SystolicCounter c : EXECUTE) {
      cycles += layers.get(layer).getOrDefault(c, 0L);
    }
    return cycles;
  }

  private static final List<SystolicCounter> EXECUTE =
      List.of(
          SystolicCounter.EXECUTE_BUSY,
          SystolicCounter.EXECUTE_SHORT_TILE,
          SystolicCounter.EXECUTE_WEIGHTS,
          SystolicCounter.EXECUTE_TOKEN_LOAD,
          SystolicCounter.EXECUTE_TOKEN_STORE,
          SystolicCounter.EXECUTE_START,
          SystolicCounter.EXECUTE_IDLE);
}
