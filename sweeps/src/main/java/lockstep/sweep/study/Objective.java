// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import lockstep.arch.UserError;

/**
 * What a study is after, as the key {@code objectives} names it. Each is minimised as a cost of 0
 * or more: the metric itself, or where more is better what is missing from the ideal.
 */
public enum Objective {
  LATENCY("latency_ms", "ms", "latency"),
  ENERGY("energy_uj", "µJ", "energy per inference"),
  AREA("area_mm2", "mm²", "area"),
  EDP("edp_uj_ms", "µJ·ms", "energy-delay product"),
  /** Its cost is the amplitude of the noise over that of the signal. */
  SQNR_DB("sqnr_db", "dB", "signal over quantisation noise"),
  /** Its cost is the share that differs. */
  TOP1_AGREEMENT("top1_agreement", "of 1", "agreement of the top class");

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

  /** Whether more is better. */
  public boolean maximised() {
    return this == SQNR_DB || this == TOP1_AGREEMENT;
  }

  /** Whether it compares with the float model. */
  public boolean ofQuality() {
    return maximised();
  }

  /** What is minimised, 0 or more, of a value of the metric. */
  public double cost(double value) {
    return switch (this) {
      case LATENCY, ENERGY, AREA, EDP -> value;
      case SQNR_DB -> Math.pow(10, -value / 20);
      case TOP1_AGREEMENT -> 1 - value;
    };
  }

  /** The metric's value of a cost. */
  public double value(double cost) {
    return switch (this) {
      case LATENCY, ENERGY, AREA, EDP -> cost;
      case SQNR_DB -> -20 * Math.log10(cost);
      case TOP1_AGREEMENT -> 1 - cost;
    };
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
