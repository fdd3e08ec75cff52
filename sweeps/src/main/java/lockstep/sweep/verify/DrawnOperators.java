// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.verify;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import lockstep.compiler.graph.Graph;
import lockstep.compiler.network.Layer;
import lockstep.compiler.network.Network;
import lockstep.compiler.random.RandomGraph;

/**
 * What drawn models were made of and what became of it.
 *
 * @param models how many
 * @param counts how often each operator was drawn, by ONNX name
 * @param machineLayers layers that ran on the machine
 * @param hostLayers layers that ran on the host, each of one or more operators
 */
public record DrawnOperators(
    int models, SortedMap<String, Integer> counts, int machineLayers, int hostLayers) {
  /** Of no model. */
  public static final DrawnOperators NONE = new DrawnOperators(0, new TreeMap<>(), 0, 0);

  public DrawnOperators {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Of one model and what it was compiled to. */
  static DrawnOperators of(Graph graph, Network network) {
    int host =
        Math.toIntExact(network.layers().stream().filter(l -> l instanceof Layer.Host).count());
    return new DrawnOperators(
        1, RandomGraph.operators(graph), network.layers().size() - host, host);
  }

  /** Both together. */
  public DrawnOperators plus(DrawnOperators other) {
    SortedMap<String, Integer> sum = new TreeMap<>(counts);
    other.counts.forEach((type, count) -> sum.merge(type, count, Integer::sum));
    return new DrawnOperators(
        models + other.models,
        sum,
        machineLayers + other.machineLayers,
        hostLayers + other.hostLayers);
  }

  /** In words, on one line. */
  public String text() {
    return "%d of them drawn as ONNX models: %d operators of %d kinds; %d layers on the machine, %d on the host"
        .formatted(
            models,
            counts.values().stream().mapToInt(Integer::intValue).sum(),
            counts.size(),
            machineLayers,
            hostLayers);
  }
}
