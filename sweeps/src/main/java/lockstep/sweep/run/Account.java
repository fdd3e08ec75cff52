// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.run;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which of a layer's stalls say what its cycles went to, and in which words.
 *
 * @param engine what multiplies, in words, for example {@code array}
 * @param unit whose reasons these are: the part of their keys before the dot
 * @param busy the reason that is work
 * @param words the reasons as reports say them, by key
 */
public record Account(String engine, String unit, String busy, Map<String, String> words) {

  /** Cycles of a layer by reason, {@code busy} included, in the order of its stalls. */
  public Map<String, Long> of(LayerRun layer) {
    return layer.stalls().entrySet().stream()
        .filter(each -> each.getKey().startsWith(unit + "."))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, java.util.LinkedHashMap::new));
  }

  /** A reason as reports say it. */
  public String word(String reason) {
    return words.getOrDefault(reason, reason);
  }
}
