// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The mistakes found in one document, each at its place; all are reported together, in order. */
public final class Mistakes {
  private static final int SHOWN = 20;

  private final Map<String, Position> positions;
  private final List<Mistake> found;

  private record Mistake(Position position, String message) implements Comparable<Mistake> {
    @Override
    public int compareTo(Mistake other) {
      int order = position.compareTo(other.position);
      return order != 0 ? order : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return position + ": " + message;
    }
  }

  /**
   * @param positions as {@link YamlDocument#positions()}; must hold the root, the empty pointer
   */
  public Mistakes(Map<String, Position> positions) {
    this(positions, new ArrayList<>());
  }

  private Mistakes(Map<String, Position> positions, List<Mistake> found) {
    this.positions = positions;
    this.found = found;
  }

  /** Collects into this, from a document whose values are at other places. */
  Mistakes under(Map<String, Position> places) {
    return new Mistakes(places, found);
  }

  /** The place of the value at a pointer, or that of its nearest ancestor. */
  Position place(String pointer) {
    return YamlDocument.nearest(positions, pointer);
  }

  /** Adds a mistake in the value at a JSON pointer, or in its nearest ancestor with a place. */
  public void at(String pointer, String message) {
    found.add(new Mistake(place(pointer), message));
  }

  /** Adds a mistake in the key whose value is at a JSON pointer. */
  public void atKey(String pointer, String message) {
    Position key = positions.get(YamlDocument.KEY + pointer);
    if (key == null) {
      at(pointer, message);
    } else {
      found.add(new Mistake(key, message));
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * Ends the work if there are mistakes.
   *
   * @throws UserError with one line a mistake, in the order of the file
   */
  public void refuse() {
    if (found.isEmpty()) {
      return;
    }
    var lines = new TreeSet<>(found).stream().map(Mistake::toString).toList();
    var text = String.join("\n", lines.subList(0, Math.min(SHOWN, lines.size())));
    throw new UserError(
        lines.size() > SHOWN ? text + "\n... and " + (lines.size() - SHOWN) + " more" : text);
  }
}
