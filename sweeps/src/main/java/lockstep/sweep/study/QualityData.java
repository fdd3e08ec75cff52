// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a study compares integers and floats on: the block {@code quality:} of {@code sweep:}. Paths
 * are relative to the machine file.
 *
 * @param inputs a folder; null for seeded noise
 * @param labels a file; null where the classes are not known
 */
public record QualityData(@Nullable String inputs, @Nullable String labels) {
  /** Seeded noise. */
  public static final QualityData NONE = new QualityData(null, null);

  /** The metric of labelled inputs: share of the samples whose class is right. */
  public static final String ACCURACY = "accuracy";

  private static final Set<String> METRICS =
      Set.of(Objective.SQNR_DB.metric(), Objective.TOP1_AGREEMENT.metric(), ACCURACY);

  /** Whether a metric, or one model's, compares with the float model. */
  static boolean measured(String metric) {
    return METRICS.contains(metric.substring(metric.lastIndexOf('.') + 1));
  }

  static QualityData of(JsonNode block) {
    return new QualityData(text(block.get("inputs")), text(block.get("labels")));
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.stringValue();
  }
}
