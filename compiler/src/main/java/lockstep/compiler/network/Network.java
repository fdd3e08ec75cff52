// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.List;

/**
 * A quantised, fused network: what every family lowers and what the reference interpreter runs.
 * Layers are in execution order; each writes exactly one tensor, and reads tensors that are network
 * inputs or were written before.
 */
public record Network(String name, List<Tensor> inputs, List<Layer> layers, List<Tensor> outputs) {}
