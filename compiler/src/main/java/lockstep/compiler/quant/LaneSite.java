// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.quant;

import lockstep.arch.quantisation.LayerQuantisation;
import lockstep.compiler.graph.Node;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Tensor;

/** The network under construction, as the lowering of lane layers sees it. */
interface LaneSite {

  /** The tensor of a value, its elements in the {@code ImageView} of its shape. */
  Tensor require(String value);

  void add(Layer layer);

  /** How a node's weights are quantised. */
  LayerQuantisation choices(Node node);

  /** The name if no layer has it, else one like it. */
  String unique(String name);
}
