// SPDX-License-Identifier: Apache-2.0
package lockstep.sim.energy;

import java.util.List;

/**
 * The area of a machine by component.
 *
 * @param notCounted what is missing in the sum, in words
 */
public record Area(List<Component> components, List<String> notCounted) {

  /**
   * One kind of part.
   *
   * @param count how many there are
   * @param part what is counted
   * @param squareMicrometresEach area of one
   * @param source where the figure is from
   * @param recalled true if a figure in it was written down from memory of its source
   */
  public record Component(
      String name,
      long count,
      String part,
      double squareMicrometresEach,
      String source,
      boolean recalled) {
    public double squareMillimetres() {
      return count * squareMicrometresEach * 1e-6;
    }
  }

  public double squareMillimetres() {
    return components.stream().mapToDouble(Component::squareMillimetres).sum();
  }

  /** Whether any figure in the sum is recalled. */
  public boolean recalled() {
    return components.stream().anyMatch(Component::recalled);
  }

  /** The component of that name. */
  public Component component(String name) {
    return components.stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no component " + name));
  }
}
