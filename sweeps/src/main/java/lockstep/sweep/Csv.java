// SPDX-License-Identifier: Apache-2.0
package lockstep.sweep;

import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values as RFC 4180 writes them, with LF line ends. */
public final class Csv {
  private final StringBuilder text = new StringBuilder();

  public Csv row(List<String> cells) {
    text.append(cells.stream().map(Csv::cell).collect(Collectors.joining(","))).append('\n');
    return this;
  }

  /** A number in the shortest form that reads back to the same bits; whole ones without a point. */
  public static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private static String cell(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
