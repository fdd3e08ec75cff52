// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.systolic;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import lockstep.compiler.network.Network;

/**
 * From which to which layer of a network those of a chain run: all of them, each with the others.
 */
final class ChainSpans {
  private final int[] first;
  private final int[] last;

  ChainSpans(Network network, Collection<Chain> chains) {
    int layers = network.layers().size();
    first = new int[layers];
    last = new int[layers];
    Map<String, Integer> writer = new HashMap<>();
    for (int i = 0; i < layers; i++) {
      writer.put(network.layers().get(i).output().name(), i);
      first[i] = i;
      last[i] = i;
    }
    for (Chain chain : chains) {
      int[] written =
          chain.shape().layers().stream()
              .flatMap(c -> ChainShape.writes(c).stream())
              .mapToInt(t -> Objects.requireNonNull(writer.get(t.name())))
              .toArray();
      int from = Arrays.stream(written).min().orElse(0);
      int to = Arrays.stream(written).max().orElse(-1);
      for (int i = from; i <= to; i++) {
        first[i] = from;
        last[i] = to;
      }
    }
  }

  /** The first layer that runs while layer {@code layer} does, by its index in the network. */
  int first(int layer) {
    return first[layer];
  }

  int last(int layer) {
    return last[layer];
  }
}
