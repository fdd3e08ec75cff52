// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.List;
import java.util.Map;

/**
 * What one model took on one machine, simulated.
 *
 * @param model name of the model
 * @param cycles of all stretches that the machine runs, host steps not included
 * @param peakMacsPerCycle multiply-accumulates that the array can do in a cycle
 * @param peakBytesPerCycle off-chip bytes that can move in a cycle in one direction
 * @param layers in execution order; their cycles sum to {@code cycles}
 * @param counters performance counters by key, summed over the stretches
 * @param energy picojoules by component
 * @param host what the machine did not do
 * @param memory the most that each memory held at a time
 * @param notes what a reader should know, for example how activations were calibrated
 */
public record ModelRun(
    String model,
    long cycles,
    double clockMhz,
    long macs,
    long peakMacsPerCycle,
    long peakBytesPerCycle,
    long dramReadBytes,
    long dramWriteBytes,
    List<LayerRun> layers,
    Map<String, Long> counters,
    List<Part> energy,
    List<HostStep> host,
    List<MemoryUse> memory,
    List<String> notes) {

  /**
   * A component's share of energy (pJ) or of area (µm²).
   *
   * @param source where the figure behind it comes from
   * @param recalled whether the source was written down from memory
   */
  public record Part(String component, double value, String source, boolean recalled) {}

  /** A layer that runs on the host, and why. */
  public record HostStep(String layer, String reason) {}

  /** The most that a memory held, of what it can hold. */
  public record MemoryUse(String memory, long peakBytes, long capacityBytes) {}

  public double latencyMs() {
    return cycles / (clockMhz * 1e3);
  }

  public double energyUj() {
    return energy.stream().mapToDouble(Part::value).sum() * 1e-6;
  }

  /** Share of the array's multiply-accumulates that were needed ones. */
  public double utilisation() {
    return cycles == 0 ? 0 : (double) macs / (cycles * peakMacsPerCycle);
  }

  public long boundCycles() {
    return layers.stream().mapToLong(LayerRun::boundCycles).sum();
  }
}
