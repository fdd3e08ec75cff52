// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lockstep.sweep.run.LayerRun;
import lockstep.sweep.run.ModelRun;

/** The chains of layers that run depth-first, a line for each. */
final class ChainTable {
  private ChainTable() {}

  static List<String> of(ModelRun run) {
    Map<Integer, List<LayerRun>> chains = new LinkedHashMap<>();
    for (LayerRun layer : run.layers()) {
      if (layer.stripes().chain() > 0) {
        chains.computeIfAbsent(layer.stripes().chain(), c -> new ArrayList<>()).add(layer);
      }
    }
    List<String> lines = new ArrayList<>();
    chains.forEach((chain, layers) -> lines.add(line(chain, layers)));
    return lines;
  }

  /** Off-chip bytes that all chains save, as the mapping search estimates them. */
  static long savedBytes(ModelRun run) {
    return run.layers().stream().mapToLong(each -> each.stripes().savedBytes()).sum();
  }

  private static String line(int chain, List<LayerRun> layers) {
    long saved = layers.stream().mapToLong(each -> each.stripes().savedBytes()).sum();
    long again = layers.stream().mapToLong(each -> each.stripes().macsAgain()).sum();
    long read = layers.stream().mapToLong(each -> each.stripes().bytesAgain()).sum();
    return "chain %d: %s to %s depth-first in %d stripes, %s off-chip bytes (estimated), %s MACs, %d bytes read again"
        .formatted(
            chain,
            layers.getFirst().name(),
            layers.getLast().name(),
            layers.getFirst().stripes().count(),
            change(-saved),
            change(again),
            read);
  }

  private static String change(long amount) {
    return amount > 0 ? amount + " more" : -amount + " fewer";
  }
}
