// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.network.Tensor;
import lockstep.compiler.program.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Layers that run on the machine without a break: one program.
 *
 * @param layers what the machine has to do, in order
 * @param copies whether a layer only moves bytes
 * @param external names of the allocations that host, user or another stretch reads or writes
 * @param chains layers that run in stripes, in order
 */
record Stretch(
    List<Contraction> layers, List<Boolean> copies, Set<String> external, List<Chain> chains) {

  /** The same with these chains, which have no layer in common. */
  Stretch with(List<Chain> newChains) {
    return new Stretch(layers, copies, external, newChains);
  }

  /** The chain that a layer is in, null if it runs as a whole. */
  @Nullable Chain chain(int layer) {
    int low = 0;
    int high = chains.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chains.get(middle).last() < layer) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < chains.size() && chains.get(low).first() <= layer ? chains.get(low) : null;
  }

  /** What a layer runs as: its stripes, or itself. */
  List<Contraction> parts(int layer) {
    Chain chain = chain(layer);
    return chain == null ? List.of(layers.get(layer)) : chain.parts().get(layer - chain.first());
  }

  /**
   * What a network gives the machine between the layers of the host; empty stretches are left out.
   */
  static List<Stretch> of(Network network, MemoryPlan plan) {
    List<List<Layer>> runs = new ArrayList<>();
    List<Layer> run = new ArrayList<>();
    Set<String> external = new HashSet<>();
    network.inputs().forEach(t -> external.add(plan.placement(t).root()));
    network.outputs().forEach(t -> external.add(plan.placement(t).root()));
    for (Layer layer : network.layers()) {
      if (plan.hostReason(layer) != null) {
        layer.inputs().forEach(t -> external.add(plan.placement(t).root()));
        external.add(plan.placement(layer.output()).root());
        runs.add(run);
        run = new ArrayList<>();
      } else if (!plan.free().contains(layer.name())) {
        run.add(layer);
      }
    }
    runs.add(run);
    runs.removeIf(List::isEmpty);
    shared(runs, plan, external);
    Map<String, List<String>> siblings = new HashMap<>();
    network.siblings().forEach(group -> group.forEach(name -> siblings.put(name, group)));
    return runs.stream().map(layers -> of(layers, siblings, external)).toList();
  }

  /** Siblings, which follow each other, are one layer. */
  private static Stretch of(
      List<Layer> layers, Map<String, List<String>> siblings, Set<String> external) {
    List<Contraction> contractions = new ArrayList<>();
    List<Boolean> copies = new ArrayList<>();
    List<Layer.Convolution> group = new ArrayList<>();
    for (Layer layer : layers) {
      int size = siblings.getOrDefault(layer.name(), List.of()).size();
      if (size > 0) {
        group.add((Layer.Convolution) layer);
      }
      if (group.size() == size) {
        contractions.add(size > 0 ? Contractions.of(group) : Contractions.of(layer));
        copies.add(layer instanceof Layer.Concat);
        group.clear();
      }
    }
    return new Stretch(List.copyOf(contractions), List.copyOf(copies), external, List.of());
  }

  /** Adds the allocations that more than one stretch touches. */
  private static void shared(List<List<Layer>> runs, MemoryPlan plan, Set<String> external) {
    Map<String, Integer> touchedBy = new HashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      for (Layer layer : runs.get(i)) {
        List<Tensor> tensors = new ArrayList<>(layer.inputs());
        tensors.add(layer.output());
        for (Tensor t : tensors) {
          String root = plan.placement(t).root();
          if (touchedBy.merge(root, i, (a, b) -> a) != i) {
            external.add(root);
          }
        }
      }
    }
  }

  /** Where the sources of a layer lie. */
  static List<Placement> sources(Contraction c, MemoryPlan plan) {
    return c.sources().stream().map(plan::placement).toList();
  }
}
