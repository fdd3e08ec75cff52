// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.Map;
import lockstep.compiler.program.Program.Stripes;

/**
 * What one layer of a model took.
 *
 * @param macs multiply-accumulates that the layer needs
 * @param cycles in which the machine worked for it or waited for it
 * @param boundCycles the largest lower bound on its cycles
 * @param boundBy what that bound is from
 * @param mapping the mapping chosen, in words
 * @param onChip what of its operands and results stays in the machine's memory, in words
 * @param search how the mapping was found, in words
 * @param stripes how it runs depth-first with its neighbours, if it does
 * @param dramReadBytes bytes that came from off-chip memory
 * @param dramWriteBytes bytes that went to off-chip memory
 * @param boundBytes the fewest that any mapping moves: everything once, in each of its stripes,
 *     that is not kept on chip
 * @param picojoules energy, leakage included
 * @param stalls cycles by reason, {@code unit.reason}; each unit's reasons sum to {@code cycles}
 */
public record LayerRun(
    String name,
    long macs,
    long cycles,
    long boundCycles,
    String boundBy,
    String mapping,
    String onChip,
    String search,
    Stripes stripes,
    long dramReadBytes,
    long dramWriteBytes,
    long boundBytes,
    double picojoules,
    Map<String, Long> stalls) {

  /** Bytes moved to and from off-chip memory. */
  public long dramBytes() {
    return dramReadBytes + dramWriteBytes;
  }

  /**
   * Multiply-accumulates per byte read or per byte written, whichever are more: the directions have
   * the memory's rate each. Infinite where nothing moves.
   */
  public double intensity() {
    return (double) macs / Math.max(dramReadBytes, dramWriteBytes);
  }

  /** Share of the machine's multiply-accumulates that were needed ones. */
  public double utilisation(long peakMacsPerCycle) {
    return cycles == 0 ? 0 : (double) macs / (cycles * peakMacsPerCycle);
  }
}
