// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The text of a banked memory: each of several readers may read one row a cycle, readers of the
 * same cycle from different banks; one writer. Rows {@code bank x rows ..} are bank {@code bank}.
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
 */
record Banks(
    int banks,
    int rows,
    String rowBits,
    String bankRowBits,
    String bankBits,
    String width,
    String maskBits,
    List<String> readers) {

  /** Declarations, instances and read multiplexers; needs {@code write_row, write_enable, ...}. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int b = 0; b < banks; b++) {
      bank(text, b);
    }
    for (String reader : readers) {
      select(text, reader);
    }
    List<String> conflicts = new ArrayList<>();
    for (int b = 0; b < banks; b++) {
      for (int i = 0; i < readers.size(); i++) {
        for (int j = i + 1; j < readers.size(); j++) {
          conflicts.add("(%s_in_%d && %s_in_%d)".formatted(readers.get(i), b, readers.get(j), b));
        }
      }
    }
    return text.append("  assign conflict = ")
        .append(String.join("\n      || ", conflicts))
        .append(";\n")
        .toString();
  }

  private void bank(StringBuilder text, int bank) {
    text.append("  // bank %d\n".formatted(bank));
    for (String reader : readers) {
      text.append(
          "  wire %s_in_%d = %s_read && %s;\n"
              .formatted(reader, bank, reader, hit(reader + "_row", bank)));
    }
    text.append("  wire [%s-1:0] row_%d = ".formatted(rowBits, bank));
    for (int i = 0; i < readers.size() - 1; i++) {
      text.append("%s_in_%d ? %s_row : ".formatted(readers.get(i), bank, readers.get(i)));
    }
    text.append("%s_row;\n".formatted(readers.getLast()));
    StringJoiner any = new StringJoiner(" || ");
    readers.forEach(r -> any.add(r + "_in_" + bank));
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
              .write(write && %9$s),
              .write_address(%4$s'(write_row - %7$s'(%8$d))),
              .write_mask(write_mask),
              .write_data(write_data)
          );

        """
            .formatted(
                bank,
                width,
                rows,
                bankRowBits,
                maskBits,
                any,
                rowBits,
                (long) bank * rows,
                hit("write_row", bank)));
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
