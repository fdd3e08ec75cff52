// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lockstep.arch.systolic.MappingRule;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;

/**
 * Chooses which siblings of a network run as one layer on a machine, and brings them together.
 *
 * <pre>
 * layers   a, p, b, q, c   siblings a b c   becomes   a, b, c, p, q   siblings a b c
 * </pre>
 *
 * <p>A tensor has to begin a block of output channels, so all but the last of a group have a
 * multiple of {@code cols} channels; of those that have not, the first is taken. A group is one
 * layer where the user's mappings leave no member out and the mapping search's score is better than
 * that of its members together.
 */
final class SiblingChoice {
  private final Network network;
  private final int cols;
  private final MappingSearch search;
  private final List<MappingRule> rules;
  private final MemoryPlan plan;
  private final Map<String, Layer.Convolution> layers = new HashMap<>();

  private SiblingChoice(Network network, int cols, MappingSearch search, List<MappingRule> rules) {
    this.network = network;
    this.cols = cols;
    this.search = search;
    this.rules = rules;
    plan = MemoryPlan.of(network, cols);
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Convolution c) {
        layers.put(c.name(), c);
      }
    }
  }

  /** The network in the order in which the machine runs it; its siblings are those chosen. */
  static Network arrange(Network network, int cols, MappingSearch search, List<MappingRule> rules) {
    return network.siblings().isEmpty()
        ? network
        : new SiblingChoice(network, cols, search, rules).arrange();
  }

  private Network arrange() {
    List<List<String>> chosen =
        network.siblings().parallelStream()
            .map(group -> aligned(group.stream().map(this::layer).filter(ArrayForm::runs).toList()))
            .filter(group -> group.size() > 1 && better(group))
            .map(group -> group.stream().map(Layer.Convolution::name).toList())
            .toList();
    Map<String, List<String>> groups = new HashMap<>();
    chosen.forEach(group -> group.forEach(name -> groups.put(name, group)));
    Set<String> placed = new HashSet<>();
    List<Layer> order = new ArrayList<>();
    for (Layer layer : network.layers()) {
      List<String> group = groups.get(layer.name());
      if (group == null) {
        order.add(layer);
      } else if (placed.addAll(group)) {
        group.forEach(name -> order.add(layer(name)));
      }
    }
    return new Network(
        network.name(), network.inputs(), List.copyOf(order), network.outputs(), chosen);
  }

  private Layer.Convolution layer(String name) {
    return Objects.requireNonNull(layers.get(name), name);
  }

  private List<Layer.Convolution> aligned(List<Layer.Convolution> group) {
    List<Layer.Convolution> aligned = new ArrayList<>();
    for (Layer.Convolution layer : group) {
      if (layer.output().c() % cols == 0 && ArrayForm.runs(layer)) {
        aligned.add(layer);
      }
    }
    group.stream()
        .filter(l -> l.output().c() % cols != 0 && ArrayForm.runs(l))
        .findFirst()
        .ifPresent(aligned::add);
    return aligned;
  }

  private boolean better(List<Layer.Convolution> group) {
    Contraction whole = Contractions.of(group);
    MappingRule rule = MappingRule.of(rules, whole.name());
    double apart = 0;
    for (Layer.Convolution layer : group) {
      if (!rule.equals(MappingRule.of(rules, layer.name()))) {
        return false;
      }
      apart += score(Contractions.of(layer));
    }
    return score(whole) < apart;
  }

  private double score(Contraction c) {
    FoundMapping found = search.find(c, Stretch.sources(c, plan), search.empty());
    return found == null ? Double.POSITIVE_INFINITY : found.cost().score();
  }
}
