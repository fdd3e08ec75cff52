// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;

/**
 * A quantised, fused network: what every family lowers and what the reference interpreter runs.
 * Layers are in execution order; each writes exactly one tensor, and reads tensors that are network
 * inputs or were written before.
 *
 * @param siblings names of dense convolutions that read one tensor through one window, in groups of
 *     two or more: a machine may run a group as one layer that writes each tensor to its own place,
 *     at the first one's turn. They compute what they compute apart, to the byte
 */
public record Network(
    String name,
    List<Tensor> inputs,
    List<Layer> layers,
    List<Tensor> outputs,
    List<List<String>> siblings) {

  public Network(String name, List<Tensor> inputs, List<Layer> layers, List<Tensor> outputs) {
    this(name, inputs, layers, outputs, List.of());
  }

  /** The same, its layers in other groups. */
  public Network withSiblings(List<List<String>> groups) {
    return new Network(name, inputs, layers, outputs, groups);
  }
}
