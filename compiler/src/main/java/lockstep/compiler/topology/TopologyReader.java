// SPDX-License-Identifier: Apache-2.0
package lockstep.compiler.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lockstep.arch.UserError;

/**
 * Reads SCALE-Sim's layer lists. The header says which form it is:
 *
 * <pre>
 * Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
 * Layer, M, N, K,
 * </pre>
 *
 * Two stride columns are height then width. A comma may end a line; empty lines are skipped.
 */
final class TopologyReader {
  private static final int LARGEST = 1 << 20;

  private final String where;
  private final Set<String> names = new HashSet<>();

  private TopologyReader(String where) {
    this.where = where;
  }

  /**
   * @throws UserError with line and column for a file that is no layer list
   */
  static List<LayerRow> read(String where, String text) {
    return new TopologyReader(where).rows(text.lines().toList());
  }

  private List<LayerRow> rows(List<String> lines) {
    int header = 0;
    while (header < lines.size() && lines.get(header).isBlank()) {
      header++;
    }
    if (header == lines.size()) {
      throw error(1, 1, "the file is empty; it needs a header and a row per layer");
    }
    List<Field> columns = fields(lines.get(header));
    List<String> titles =
        columns.stream().map(f -> f.text().toLowerCase(Locale.ROOT)).skip(1).toList();
    boolean product = titles.equals(List.of("m", "n", "k"));
    boolean convolution =
        (columns.size() == 8 || columns.size() == 9) && titles.getFirst().startsWith("ifmap");
    if (!product && !convolution) {
      throw error(
          header + 1,
          1,
          "not a header of SCALE-Sim's; it is either 'Layer, M, N, K,' or 'Layer name, IFMAP"
              + " Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,'");
    }
    List<LayerRow> rows = new ArrayList<>();
    for (int i = header + 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(row(i + 1, lines.get(i), columns.size(), product));
      }
    }
    if (rows.isEmpty()) {
      throw error(header + 1, 1, "no layers follow the header; add a row per layer");
    }
    return rows;
  }

  private LayerRow row(int line, String text, int columns, boolean product) {
    List<Field> fields = fields(text);
    if (fields.size() != columns) {
      throw error(
          line,
          1,
          "the row has "
              + fields.size()
              + " fields, the header "
              + columns
              + "; give every column a number");
    }
    String name = unique(fields.getFirst().text());
    int[] n = new int[columns];
    for (int i = 1; i < columns; i++) {
      n[i] = number(line, fields.get(i));
    }
    if (product) {
      return new LayerRow.Product(name, n[1], n[2], n[3]);
    }
    if (n[3] > n[1] || n[4] > n[2]) {
      Field wrong = fields.get(n[3] > n[1] ? 3 : 4);
      throw error(line, wrong.column(), "the filter is larger than the image; make it fit");
    }
    return new LayerRow.Convolution(name, n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[columns - 1]);
  }

  private String unique(String name) {
    String base = name.isEmpty() ? "layer" : name;
    String unique = base;
    for (int i = 2; !names.add(unique); i++) {
      unique = base + "." + i;
    }
    return unique;
  }

  private int number(int line, Field field) {
    try {
      int value = Integer.parseInt(field.text());
      if (value >= 1 && value <= LARGEST) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number out of range
    }
    throw error(
        line, field.column(), "'" + field.text() + "' is not a whole number from 1 to " + LARGEST);
  }

  private record Field(String text, int column) {}

  private static List<Field> fields(String line) {
    List<Field> fields = new ArrayList<>();
    int from = 0;
    while (from <= line.length()) {
      int comma = line.indexOf(',', from);
      int end = comma < 0 ? line.length() : comma;
      String raw = line.substring(from, end);
      int indent = raw.length() - raw.stripLeading().length();
      fields.add(new Field(raw.strip(), from + indent + 1));
      from = end + 1;
    }
    while (fields.size() > 1 && fields.getLast().text().isEmpty()) {
      fields.removeLast();
    }
    return fields;
  }

  private UserError error(int line, int column, String message) {
    return new UserError(where + ":" + line + ":" + column + ": " + message);
  }
}
