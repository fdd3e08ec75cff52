// SPDX-License-Identifier: Apache-2.0
package lockstep.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns of text; a column whose heading begins with {@code >} is set to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> header;

  TextTable(String... header) {
    this.header = List.of(header);
    rows.add(this.header.stream().map(each -> each.replaceFirst("^>", "")).toList());
  }

  TextTable row(Object... cells) {
    rows.add(java.util.Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  @Override
  public String toString() {
    int columns = header.size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        var blanks = " ".repeat(widths[i] - row.get(i).length());
        boolean right = header.get(i).startsWith(">");
        line.append(right ? blanks + row.get(i) : row.get(i) + blanks).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
