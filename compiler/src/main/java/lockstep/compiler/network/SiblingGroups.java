// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The convolutions of a network by what they read: which of them could be one layer. */
public final class SiblingGroups {
  private SiblingGroups() {}

  /** All convolutions by the tensor that they read, in the network's order. */
  public static Collection<List<Layer.Convolution>> readers(Network network) {
    Map<String, List<Layer.Convolution>> readers = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Convolution c) {
        readers.computeIfAbsent(c.input().name(), _ -> new ArrayList<>()).add(c);
      }
    }
    return readers.values();
  }

  /** The siblings among convolutions, in groups of one or more. */
  public static Collection<List<Layer.Convolution>> of(List<Layer.Convolution> readers) {
    Map<Layer.Sibling, List<Layer.Convolution>> groups = new LinkedHashMap<>();
    for (Layer.Convolution c : readers) {
      c.sibling().ifPresent(s -> groups.computeIfAbsent(s, _ -> new ArrayList<>()).add(c));
    }
    return groups.values();
  }

  /** The network with all its siblings marked. */
  public static Network marked(Network network) {
    return network.withSiblings(
        readers(network).stream()
            .flatMap(readers -> of(readers).stream())
            .filter(group -> group.size() > 1)
            .map(group -> group.stream().map(Layer.Convolution::name).toList())
            .toList());
  }
}
