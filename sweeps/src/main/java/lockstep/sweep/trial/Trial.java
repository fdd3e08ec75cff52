// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.trial;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import lockstep.sweep.study.Point;
import org.jspecify.annotations.Nullable;

/**
 * A trial that has ended.
 *
 * @param id what {@link TrialId} makes of machine, models, options and tool
 * @param metrics by name, in the order of the columns; the unit is in the name. Empty unless the
 *     trial is complete
 * @param reason why it failed, else null
 */
public record Trial(
    String id,
    Point point,
    TrialState state,
    Map<String, Double> metrics,
    @Nullable String reason) {
  public Trial {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
