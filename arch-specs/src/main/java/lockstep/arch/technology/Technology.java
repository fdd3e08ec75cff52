// SPDX-License-Identifier: Apache-2.0
package lockstep.arch.technology;

import java.util.List;
import java.util.Map;
import lockstep.arch.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The cost table of one node. The actions and parts that it prices are named in {@code
 * docs/energy.md}; in the table {@code unit} each of them costs 1, so that energies are counts.
 *
 * @param unit of energies: {@code pJ}, or {@code units} in the table {@code unit}
 * @param energy by action
 * @param area by part, in square micrometres
 * @param leakage by part, in milliwatts; parts without a sourced figure are not in it
 * @param dram energy per bit by memory type
 * @param notCounted what this table has no figure for, in words
 */
public record Technology(
    String name,
    String unit,
    Map<String, Figure> energy,
    Map<String, Figure> area,
    Map<String, Figure> leakage,
    SramTable sram,
    Map<String, Figure> dram,
    List<String> notCounted) {

  /** The tables that there are. */
  public static final List<String> NAMES = List.of("45nm", "22nm", "7nm", "unit");

  /**
   * Loads a table by name.
   *
   * @throws UserError if there is none of that name
   */
  public static Technology load(String name) {
    if (!NAMES.contains(name)) {
      throw new UserError(
          "technology `%s` is not known; choose one of %s"
              .formatted(name, String.join(", ", NAMES)));
    }
    return TechnologyLoader.load(name);
  }

  /** Energy of an action. */
  public Figure energy(String action) {
    return required(energy, action, "action");
  }

  /** Area of a part. */
  public Figure area(String part) {
    return required(area, part, "part");
  }

  /** Leakage of a part, null without a sourced figure. */
  public @Nullable Figure leakage(String part) {
    return leakage.get(part);
  }

  /**
   * Energy of a bit moved to or from off-chip memory.
   *
   * @throws UserError if the memory type has no figure
   */
  public Figure dram(String type) {
    Figure figure = dram.get(type);
    if (figure == null) {
      throw new UserError(
          "memory.type `%s` has no energy figure; choose one of %s"
              .formatted(type, String.join(", ", dram.keySet())));
    }
    return figure;
  }

  private Figure required(Map<String, Figure> figures, String key, String what) {
    Figure figure = figures.get(key);
    if (figure == null) {
      throw new IllegalArgumentException(
          "technology %s prices no %s %s".formatted(name, what, key));
    }
    return figure;
  }
}
