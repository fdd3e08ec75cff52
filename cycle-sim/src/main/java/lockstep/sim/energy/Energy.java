// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy;

import java.util.List;

/**
 * The energy of a run by component.
 *
 * @param unit {@code pJ}, or {@code units} under the technology {@code unit}
 * @param cycles of the run
 * @param microseconds the same as time
 * @param notCounted what is missing in the sum, in words
 */
public record Energy(
    String unit,
    List<Component> components,
    long cycles,
    double microseconds,
    List<String> notCounted) {

  /**
   * One kind of action.
   *
   * @param name {@code block.action}
   * @param count how often it happened
   * @param action what is counted
   * @param picojoulesEach energy of one
   * @param source where the figure is from
   * @param recalled true if a figure in it was written down from memory of its source
   */
  public record Component(
      String name,
      double count,
      String action,
      double picojoulesEach,
      String source,
      boolean recalled) {
    public double picojoules() {
      return count * picojoulesEach;
    }
  }

  public double picojoules() {
    return components.stream().mapToDouble(Component::picojoules).sum();
  }

  /** Energy over time; 0 for a run of no cycles. */
  public double averageMilliwatts() {
    return microseconds == 0 ? 0 : picojoules() / microseconds * 1e-3;
  }

  /** Whether any figure in the sum is recalled. */
  public boolean recalled() {
    return components.stream().anyMatch(c -> c.recalled() && c.count() > 0);
  }

  /** The component of that name. */
  public Component component(String name) {
    return components.stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no component " + name));
  }
}
