// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.program;

import java.util.List;
import java.util.Map;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;

/**
 * A network compiled for one machine: stretches for the accelerator, with host layers between them.
 * All stretches share one off-chip memory.
 *
 * @param placements where each tensor of the network lies, by its name; a tensor that only host
 *     layers touch has one, too
 */
public record CompiledModel(Network network, List<Step> steps, Map<String, Placement> placements) {

  /** One step of the model, in order. */
  public sealed interface Step {}

  /** A program for the machine. */
  public record Accelerator(Program program) implements Step {}

  /**
   * A layer for the host, on the tensors in memory.
   *
   * @param layer in integers, or a {@link Layer.Host} in floats
   * @param reason why the machine cannot do it
   */
  public record OnHost(Layer layer, String reason) implements Step {}

  /** The accelerator's programs, in order. */
  public List<Program> programs() {
    return steps.stream()
        .filter(Accelerator.class::isInstance)
        .map(s -> ((Accelerator) s).program())
        .toList();
  }

  /** The host's layers, in order. */
  public List<OnHost> hostLayers() {
    return steps.stream().filter(OnHost.class::isInstance).map(OnHost.class::cast).toList();
  }
}
