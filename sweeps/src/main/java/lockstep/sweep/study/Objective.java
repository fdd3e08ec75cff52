// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import lockstep.arch.UserError;

/** What a study minimises, as the key {@code objectives} names it. */
public enum Objective {
  LATENCY("latency_ms", "ms", "latency"),
  ENERGY("energy_uj", "µJ", "energy per inference"),
  AREA("area_mm2", "mm²", "area"),
  EDP("edp_uj_ms", "µJ·ms", "energy-delay product");

  private final String metric;
  private final String unit;
  private final String title;

  Objective(String metric, String unit, String title) {
    this.metric = metric;
    this.unit = unit;
    this.title = title;
  }

  /** The metric of a trial that holds it. */
  public String metric() {
    return metric;
  }

  public String unit() {
    return unit;
  }

  public String title() {
    return title;
  }

  /** The word that a machine file uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The objective of that word.
   *
   * @throws UserError when there is none
   */
  public static Objective of(String word) {
    for (Objective each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new UserError(
        "objective `"
            + word
            + "` is not known; choose from "
            + Arrays.stream(values()).map(Objective::word).collect(Collectors.joining(", ")));
  }
}
