// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The text of a banked memory: each of several readers may read one row a cycle, readers of the
 * same cycle from different banks; writers likewise. Rows {@code bank x rows ..} are bank {@code
 * bank}.
 *
 * @param banks number of banks
 * @param rows rows of a bank
 * @param rowBits name of the constant with the width of a row address
 * @param bankRowBits name of the constant with the width of an address within a bank
 * @param bankBits name of the constant with the width of a bank number
 * @param width expression of the width of a row in bits
 * @param maskBits expression of the number of write mask bits
 * @param readers names of the readers: each has {@code name_read}, {@code name_row}, {@code
 *     name_data}
 * @param writers names of the writers: each has {@code name} (it writes), {@code name_row}, {@code
 *     name_mask}, {@code name_data}
 */
public record Banks(
    int banks,
    int rows,
    String rowBits,
    String bankRowBits,
    String bankBits,
    String width,
    String maskBits,
    List<String> readers,
    List<String> writers) {

  /** Declarations, instances and multiplexers. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (int b = 0; b < banks; b++) {
      bank(text, b);
    }
    for (String reader : readers) {
      select(text, reader);
    }
    List<String> conflicts = new ArrayList<>();
    for (int b = 0; b < banks; b++) {
      conflicts(conflicts, readers, b);
      conflicts(conflicts, writers, b);
    }
    return text.append("  assign conflict = ")
        .append(String.join("\n      || ", conflicts))
        .append(";\n")
        .toString();
  }

  private static void conflicts(List<String> conflicts, List<String> users, int bank) {
    for (int i = 0; i < users.size(); i++) {
      for (int j = i + 1; j < users.size(); j++) {
        conflicts.add("(%s_in_%d && %s_in_%d)".formatted(users.get(i), bank, users.get(j), bank));
      }
    }
  }

  private void bank(StringBuilder text, int bank) {
    text.append("  // bank %d\n".formatted(bank));
    for (String reader : readers) {
      text.append(
          "  wire %s_in_%d = %s_read && %s;\n"
              .formatted(reader, bank, reader, hit(reader + "_row", bank)));
    }
    for (String writer : writers) {
      text.append(
          "  wire %s_in_%d = %s && %s;\n"
              .formatted(writer, bank, writer, hit(writer + "_row", bank)));
    }
    text.append(
        "  wire [%s-1:0] row_%d = %s;\n".formatted(rowBits, bank, first(readers, bank, "_row")));
    text.append(
        "  wire [%s-1:0] written_%d = %s;\n"
            .formatted(rowBits, bank, first(writers, bank, "_row")));
    text.append(
        """
          logic [%2$s-1:0] data_%1$d;
          sram_1r1w #(
              .DEPTH(%3$d),
              .ADDRESS_BITS(%4$s),
              .WIDTH(%2$s),
              .MASK_BITS(%5$s)
          ) bank_%1$d (
              .clk(clk),
              .read(%6$s),
              .read_address(%4$s'(row_%1$d - %7$s'(%8$d))),
              .read_data(data_%1$d),
              .write(%9$s),
              .write_address(%4$s'(written_%1$d - %7$s'(%8$d))),
              .write_mask(%10$s),
              .write_data(%11$s)
          );

        """
            .formatted(
                bank,
                width,
                rows,
                bankRowBits,
                maskBits,
                any(readers, bank),
                rowBits,
                (long) bank * rows,
                any(writers, bank),
                first(writers, bank, "_mask"),
                first(writers, bank, "_data")));
  }

  private static String any(List<String> users, int bank) {
    StringJoiner any = new StringJoiner(" || ");
    users.forEach(u -> any.add(u + "_in_" + bank));
    return any.toString();
  }

  /** What the first of the users gives that is in the bank; the last one's where none is. */
  private static String first(List<String> users, int bank, String suffix) {
    StringBuilder text = new StringBuilder();
    for (String user : users.subList(0, users.size() - 1)) {
      text.append("%s_in_%d ? %s%s : ".formatted(user, bank, user, suffix));
    }
    return text.append(users.getLast()).append(suffix).toString();
  }

  private String hit(String row, int bank) {
    if (banks == 1) {
      return "1'b1";
    }
    String from = "%s >= %s'(%d)".formatted(row, rowBits, (long) bank * rows);
    String to = "%s < %s'(%d)".formatted(row, rowBits, (long) (bank + 1) * rows);
    return bank == 0 ? to : bank == banks - 1 ? from : "(" + from + " && " + to + ")";
  }

  private void select(StringBuilder text, String reader) {
    text.append("  logic [%s-1:0] %s_bank;\n".formatted(bankBits, reader));
    text.append("  always_ff @(posedge clk)\n    if (%s_read)\n".formatted(reader));
    if (banks == 1) {
      text.append("      %s_bank <= '0;\n".formatted(reader));
    } else {
      text.append("      %s_bank <= ".formatted(reader));
      for (int b = 0; b < banks - 1; b++) {
        text.append("%s_in_%d ? %s'(%d) : ".formatted(reader, b, bankBits, b));
      }
      text.append("%s'(%d);\n".formatted(bankBits, banks - 1));
    }
    text.append("  logic [%s-1:0] %s_word;\n".formatted(width, reader));
    text.append("  always_comb\n    case (%s_bank)\n".formatted(reader));
    for (int b = 0; b < banks - 1; b++) {
      text.append("      %s'(%d): %s_word = data_%d;\n".formatted(bankBits, b, reader, b));
    }
    text.append("      default: %s_word = data_%d;\n    endcase\n\n".formatted(reader, banks - 1));
  }
}
