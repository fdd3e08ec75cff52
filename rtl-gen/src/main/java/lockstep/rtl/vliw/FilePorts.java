// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The operands and results of all slots at one register file, in {@link Top}: declares {@code
 * NAME_index} and {@code NAME} of each operand, {@code NAME_write}, {@code NAME_to} and {@code
 * NAME_result} of each result, and joins them to the vectors that the file's ports are.
 */
final class FilePorts {
  private final String indexBits;
  private final String width;
  private final int parts;
  private final StringBuilder declarations = new StringBuilder();
  private final List<String> readers = new ArrayList<>();
  private final List<String> writers = new ArrayList<>();
  private final List<String> masks = new ArrayList<>();
  private int operands;

  /**
   * @param indexBits expression of the width of a register's number
   * @param width expression of the width of a register
   * @param parts of a register that are written on their own
   */
  FilePorts(String indexBits, String width, int parts) {
    this.indexBits = indexBits;
    this.width = width;
    this.parts = parts;
  }

  /** An operand of {@code count} registers. */
  void reads(String name, int count) {
    declarations.append("  logic [%d*%s-1:0] %s_index;\n".formatted(count, indexBits, name));
    declarations.append("  logic [%d*%s-1:0] %s;\n".formatted(count, width, name));
    readers.add(name);
    operands += count;
  }

  /** A result that fills its register. */
  void writes(String name) {
    writesParts(name);
    declarations.append("  wire [%1$d-1:0] %2$s_mask = '1;\n".formatted(parts, name));
  }

  /** A result; who calls declares {@code NAME_mask}. */
  void writesParts(String name) {
    declarations.append("  logic %s_write;\n".formatted(name));
    declarations.append("  logic [%s-1:0] %s_to;\n".formatted(indexBits, name));
    declarations.append("  logic [%s-1:0] %s_result;\n".formatted(width, name));
    writers.add(name);
    masks.add(name + "_mask");
  }

  String declarations() {
    return declarations.toString();
  }

  /** The file itself. */
  String instance(String name, String count) {
    return """
      @FAMILY@_register_file #(
          .COUNT(%s),
          .INDEX_BITS(%s),
          .WIDTH(%s),
          .MASK_BITS(%d),
          .READERS(%d),
          .WRITERS(%d)
      ) %s (
          .clk(clk),
          .clear(clear),
          .read_index(%s),
          .read_data(%s),
          .write(%s),
          .write_index(%s),
          .write_mask(%s),
          .write_data(%s)
      );

    """
        .formatted(
            count,
            indexBits,
            width,
            parts,
            operands,
            writers.size(),
            name,
            join(readers, "_index"),
            join(readers, ""),
            join(writers, "_write"),
            join(writers, "_to"),
            join(masks, ""),
            join(writers, "_result"));
  }

  /** The first name lowest. */
  static String join(List<String> names, String suffix) {
    List<String> highestFirst = new ArrayList<>(names);
    Collections.reverse(highestFirst);
    return highestFirst.stream().map(n -> n + suffix).collect(Collectors.joining(", ", "{", "}"));
  }
}
