// SPDX-License-Identifier: Apache-2.0
package lockstep.arch;

/**
 * Where a value was written: a place in a file, or another origin such as {@code --set
 * array.rows=300}, which has no line.
 *
 * @param origin path of the file as the user gave it, or the words that the value came from
 * @param line from 1; 0 when the origin is not a file
 * @param column from 1; 0 when the origin is not a file
 */
public record Position(String origin, int line, int column) implements Comparable<Position> {

  /** A value that did not come out of a file. */
  public static Position of(String origin) {
    return new Position(origin, 0, 0);
  }

  @Override
  public int compareTo(Position other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  /** {@code file:line:column}, or the origin alone. */
  @Override
  public String toString() {
    return line == 0 ? origin : origin + ":" + line + ":" + column;
  }
}
