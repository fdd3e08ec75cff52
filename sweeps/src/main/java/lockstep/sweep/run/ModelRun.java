// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one model took on one machine, simulated.
 *
 * @param model name of the model
 * @param cycles of all stretches that the machine runs, host steps not included
 * @param peakMacsPerCycle multiply-accumulates that the machine can do in a cycle
 * @param peakBytesPerCycle off-chip bytes that can move in a cycle in one direction
 * @param instructionBytes of {@code dramReadBytes} those of programs
 * @param layers in execution order; their cycles sum to {@code cycles}
 * @param counters performance counters by key, summed over the stretches
 * @param energy picojoules by component
 * @param host what the machine did not do
 * @param memory the most that each memory held at a time
 * @param notes what a reader should know, for example how activations were calibrated
 * @param account which of the layers' stalls say what their cycles went to
 * @param kernels the loops that the compiler pipelined, if it pipelines any
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
    long instructionBytes,
    List<LayerRun> layers,
    Map<String, Long> counters,
    List<Part> energy,
    List<HostStep> host,
    List<MemoryUse> memory,
    List<String> notes,
    Account account,
    List<KernelRun> kernels) {

  /** Files of before there were accounts have none, and cannot be read. */
  public ModelRun {
    Objects.requireNonNull(account, "no account");
    Objects.requireNonNull(kernels, "no kernels");
  }

  /**
   * A component's share of energy or of area.
   *
   * @param component {@code block.part}
   * @param count how many there are or how often it happened
   * @param counted what is counted
   * @param each energy (pJ) or area (µm²) of one
   * @param source where the figure behind it comes from
   * @param recalled whether the source was written down from memory
   */
  public record Part(
      String component,
      double count,
      String counted,
      double each,
      String source,
      boolean recalled) {
    public double value() {
      return count * each;
    }

    /** The part of the component's name before the first dot. */
    public String block() {
      int dot = component.indexOf('.');
      return dot < 0 ? component : component.substring(0, dot);
    }
  }

  /**
   * A layer that runs on the host, and why.
   *
   * @param behind how many of the machine's layers come before it
   * @param integerMacs multiply-accumulates that a wider machine would do; 0 for what the host
   *     computes in floats
   */
  public record HostStep(String layer, String reason, int behind, long integerMacs) {}

  /** The most that a memory held, of what it can hold. */
  public record MemoryUse(String memory, long peakBytes, long capacityBytes) {}

  public double latencyMs() {
    return cycles / (clockMhz * 1e3);
  }

  public double energyUj() {
    return energy.stream().mapToDouble(Part::value).sum() * 1e-6;
  }

  /**
   * Share of the model's integer multiply-accumulates that the host does because the machine is too
   * narrow for them: no cycle and no energy is counted for it.
   */
  public double hostMacShare() {
    long onHost = host.stream().mapToLong(HostStep::integerMacs).sum();
    return onHost == 0 ? 0 : (double) onHost / (macs + onHost);
  }

  /** Share of the machine's multiply-accumulates that were needed ones. */
  public double utilisation() {
    return cycles == 0 ? 0 : (double) macs / (cycles * peakMacsPerCycle);
  }

  /** Bytes moved to and from off-chip memory, instructions included. */
  public long dramBytes() {
    return dramReadBytes + dramWriteBytes;
  }

  /** The fewest that any mapping of the layers moves, with the tensors on chip that are there. */
  public long dramBoundBytes() {
    return layers.stream().mapToLong(LayerRun::boundBytes).sum();
  }

  /**
   * A lower bound on the cycles of the whole run: of computing, reading and writing the one that
   * takes longest at full rate. (Layers overlap, so their own bounds do not add up to one.)
   */
  public long boundCycles() {
    return Math.max(
        Math.ceilDiv(macs, peakMacsPerCycle),
        Math.ceilDiv(Math.max(dramReadBytes, dramWriteBytes), peakBytesPerCycle));
  }

  /**
   * The same run.
   *
   * @throws IllegalStateException when it is quicker than its lower bound allows, which is a fault
   *     of the simulator
   */
  public ModelRun notBelowItsBound() {
    if (cycles < boundCycles()) {
      throw new IllegalStateException(
          "the simulator gave "
              + cycles
              + " cycles for "
              + model
              + ", below the bound of "
              + boundCycles());
    }
    return this;
  }
}
