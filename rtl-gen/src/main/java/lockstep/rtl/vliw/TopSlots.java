// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lockstep.isa.vliw.BundleSet.Slot;
import lockstep.isa.vliw.SlotKind;
import lockstep.isa.vliw.VliwIsa;
import lockstep.rtl.verilog.VerilogModule;

/** The slots and the register files in {@link Top}: a unit for each slot, named after it. */
final class TopSlots {
  private final Sizes sizes;
  private final FilePorts scalars = new FilePorts("SCALAR_BITS", "32", 1);
  private final FilePorts vectors = new FilePorts("VECTOR_BITS", "8*V", VliwIsa.QUARTERS);
  private final StringBuilder units = new StringBuilder();
  private final StringBuilder declarations = new StringBuilder();

  private TopSlots(Sizes sizes) {
    this.sizes = sizes;
  }

  /** Expects {@code bundle}, {@code step} and {@code clear}. */
  static String text(Sizes sizes) {
    return new TopSlots(sizes).text();
  }

  private String text() {
    StringBuilder words = new StringBuilder();
    for (Slot slot : sizes.isa.slots()) {
      String name = name(slot);
      words.append("  wire [63:0] %s_word = bundle[%d+:64];\n".formatted(name, 8 * slot.offset()));
      slot(slot, name);
    }
    int memorySlots = names(SlotKind.LOAD).size() + names(SlotKind.STORE).size();
    return "  // slots\n  wire clear = start || !rst_n;\n"
        + words
        + scalars.declarations()
        + vectors.declarations()
        + declarations
        + "\n"
        + scalars.instance("scalars", "SCALARS")
        + vectors.instance("vectors", "VECTORS")
        + accumulators()
        + (sizes.count(SlotKind.SPECIAL) > 0 ? tables() : "")
        + PATTERNS
        + units
        + localMemory(memorySlots);
  }

  private void slot(Slot slot, String name) {
    switch (slot.kind()) {
      case SCALAR -> {
        scalars.reads(name + "_a", 1);
        scalars.reads(name + "_b", 1);
        scalars.writes(name);
        unit("scalar", name, List.of("a", "b"), List.of("write", "index", "data"), "");
      }
      case LOAD -> {
        address(name);
        vectors.writes(name);
        declarations.append("  logic %1$s_asks;\n  logic [8*V-1:0] %1$s_codes;\n".formatted(name));
        unit(
            "load",
            name,
            List.of(),
            List.of("write", "index", "data"),
            connect(name, "asks") + connect(name, "codes"));
      }
      case STORE -> {
        address(name);
        vectors.reads(name + "_from", 1);
        declarations.append(VerilogModule.fill(STORE, Map.of("NAME", name)));
      }
      case MATRIX -> {
        vectors.reads(name + "_left", sizes.architecture.leftVectors());
        vectors.reads(name + "_right", sizes.architecture.rightVectors());
        declarations.append(VerilogModule.fill(MATRIX, Map.of("NAME", name)));
        unit(
            "matrix",
            name,
            List.of("left", "right"),
            List.of("write", "index"),
            ".write_add(%1$s_add),\n      .write_products(%1$s_products),\n      ".formatted(name));
      }
      case VECTOR -> {
        vectors.reads(name + "_a", 1);
        vectors.reads(name + "_b", 1);
        vectors.reads(name + "_c", 1);
        vectors.writesParts(name);
        declarations.append(VerilogModule.fill(VECTOR, Map.of("NAME", name)));
        unit(
            "vector",
            name,
            List.of("a", "b", "c"),
            List.of("write", "index", "data"),
            connect(name, "sums_index")
                + connect(name, "sums_part")
                + connect(name, "sums")
                + ".write_mask(%s_mask),\n      ".formatted(name));
      }
      case SPECIAL -> {
        vectors.reads(name + "_a", 1);
        vectors.writes(name);
        declarations.append(VerilogModule.fill(SPECIAL, Map.of("NAME", name)));
        unit(
            "special",
            name,
            List.of("a"),
            List.of("write", "index", "data"),
            connect(name, "table_index")
                + connect(name, "entries")
                + connect(name, "fill")
                + connect(name, "fill_table")
                + connect(name, "fill_part"));
      }
      case PERMUTE -> {
        vectors.reads(name + "_a", 1);
        vectors.reads(name + "_b", 1);
        vectors.writes(name);
        unit("permute", name, List.of("a", "b"), List.of("write", "index", "data"), "");
      }
      case DMA -> {
        scalars.reads(name + "_a", 1);
        units.append(TRANSFER_FIELDS);
      }
    }
  }

  private void address(String name) {
    String stepped = name + "_stepped";
    scalars.reads(name + "_base", 1);
    scalars.writes(stepped);
    declarations.append("  logic [P*S-1:0] %s_words;\n".formatted(name));
    units.append(VerilogModule.fill(ADDRESS, Map.of("NAME", name)));
  }

  private void unit(
      String module, String name, List<String> operands, List<String> results, String more) {
    StringBuilder text = new StringBuilder();
    text.append(
        "  @FAMILY@_%1$s %2$s (\n      .clk(clk),\n      .clear(clear),\n".formatted(module, name));
    text.append("      .step(step),\n      .word(%s_word),\n      ".formatted(name));
    for (String operand : operands) {
      text.append(connect(name, operand + "_index")).append(connect(name, operand));
    }
    text.append(more);
    List<String> ports = new ArrayList<>();
    for (String result : results) {
      ports.add(
          switch (result) {
            case "index" -> ".write_index(%s_to)".formatted(name);
            case "data" -> ".write_data(%s_result)".formatted(name);
            default -> ".write(%s_write)".formatted(name);
          });
    }
    units.append(text).append(String.join(",\n      ", ports)).append("\n  );\n\n");
  }

  private static String connect(String name, String port) {
    return ".%2$s(%1$s_%2$s),\n      ".formatted(name, port);
  }

  /** The name of a slot's unit: always with a number, so that it is no register file's. */
  static String name(Slot slot) {
    return slot.kind().word() + slot.index();
  }

  private List<String> names(SlotKind kind) {
    return sizes.isa.slots().stream().filter(s -> s.kind() == kind).map(TopSlots::name).toList();
  }

  private String accumulators() {
    List<String> readers = names(SlotKind.VECTOR);
    List<String> writers = names(SlotKind.MATRIX);
    return """
      @FAMILY@_accumulators #(
          .READERS(%d)
      ) accumulators (
          .clk(clk),
          .clear(clear),
          .read_index(%s),
          .read_part(%s),
          .read_data(%s),
          .write(%s),
          .write_index(%s),
          .write_add(%s),
          .write_products(%s)
      );

    """
        .formatted(
            readers.size(),
            FilePorts.join(readers, "_sums_index"),
            FilePorts.join(readers, "_sums_part"),
            FilePorts.join(readers, "_sums"),
            FilePorts.join(writers, "_write"),
            FilePorts.join(writers, "_to"),
            FilePorts.join(writers, "_add"),
            FilePorts.join(writers, "_products"));
  }

  private String tables() {
    List<String> slots = names(SlotKind.SPECIAL);
    return """
      @FAMILY@_tables #(
          .USERS(%d)
      ) tables (
          .clk(clk),
          .read_table(%s),
          .read_entries(%s),
          .fill(%s),
          .fill_table(%s),
          .fill_part(%s),
          .fill_data(%s)
      );

    """
        .formatted(
            slots.size(),
            FilePorts.join(slots, "_table_index"),
            FilePorts.join(slots, "_entries"),
            FilePorts.join(slots, "_fill"),
            FilePorts.join(slots, "_fill_table"),
            FilePorts.join(slots, "_fill_part"),
            FilePorts.join(slots, "_result"));
  }

  private String localMemory(int memorySlots) {
    List<String> loads = names(SlotKind.LOAD);
    List<String> stores = names(SlotKind.STORE);
    List<String> all = new ArrayList<>(loads);
    all.addAll(stores);
    List<String> asks = new ArrayList<>();
    loads.forEach(load -> asks.add("{P{%s_asks}}".formatted(load)));
    stores.forEach(store -> asks.add(store + "_asked"));
    if (all.size() != memorySlots) {
      throw new IllegalStateException("slots " + all);
    }
    return VerilogModule.fill(
        LOCAL_MEMORY,
        Map.of(
            "ASKED", FilePorts.join(asks, ""),
            "WORDS", FilePorts.join(all, "_words"),
            "STORED", FilePorts.join(stores, "_from"),
            "LOADED", FilePorts.join(loads, "_codes")));
  }

  private static final String STORE =
      """
        //FIELDS store_store @NAME@_word @NAME@_field_
        logic [P-1:0] @NAME@_asked;
        assign @NAME@_from_index = @NAME@_field_from;
        always_comb
          for (int i = 0; i < P; i++)
            @NAME@_asked[i] = @NAME@_word[STORE_OPCODE-1:0] == STORE_OPCODE'(STORE_STORE) && P_BITS'(i) < @NAME@_field_pieces;
      """;

  private static final String MATRIX =
      """
        logic @NAME@_write;
        logic [ACCUMULATOR_BITS-1:0] @NAME@_to;
        logic @NAME@_add;
        logic [SUMS*SUM_BITS-1:0] @NAME@_products;
      """;

  private static final String VECTOR =
      """
        logic [QUARTERS-1:0] @NAME@_mask;
        logic [ACCUMULATOR_BITS-1:0] @NAME@_sums_index;
        logic [SUM_PART_BITS-1:0] @NAME@_sums_part;
        logic [8*V-1:0] @NAME@_sums;
      """;

  private static final String SPECIAL =
      """
        logic [TABLE_BITS-1:0] @NAME@_table_index;
        logic [8*TABLE_CODES-1:0] @NAME@_entries;
        logic @NAME@_fill;
        logic [TABLE_BITS-1:0] @NAME@_fill_table;
        logic [TABLE_PART_BITS-1:0] @NAME@_fill_part;
      """;

  private static final String PATTERNS =
      """
        logic [PATTERNS*P*S-1:0] offsets;

        @FAMILY@_patterns patterns (
            .clk(clk),
            .clear(clear),
            .step(step),
            .word(scalar0_word),
            .offsets(offsets)
        );

      """;

  private static final String ADDRESS =
      """
        @FAMILY@_address @NAME@_address (
            .step(step),
            .word(@NAME@_word),
            .base_index(@NAME@_base_index),
            .base(@NAME@_base),
            .offsets(offsets),
            .words(@NAME@_words),
            .write(@NAME@_stepped_write),
            .write_data(@NAME@_stepped_result)
        );
        assign @NAME@_stepped_to = @NAME@_base_index;

      """;

  private static final String TRANSFER_FIELDS =
      """
        @FAMILY@_transfer_fields dma0 (
            .clk(clk),
            .clear(clear),
            .step(step),
            .word(dma0_word),
            .a_index(dma0_a_index),
            .a(dma0_a),
            .start_in(start_in),
            .start_out(start_out),
            .descriptor(descriptor)
        );

      """;

  private static final String LOCAL_MEMORY =
      """
        wire [PIECES-1:0] asked = @ASKED@;

        @FAMILY@_local_memory local_memory (
            .clk(clk),
            .clear(clear),
            .step(step),
            .asked(asked),
            .words(@WORDS@),
            .stored(@STORED@),
            .busy(banks_busy),
            .loaded(@LOADED@),
            .in_write(in_write),
            .in_word(in_word),
            .in_count(in_count),
            .in_data(in_data),
            .out_read(out_read),
            .out_word(out_word),
            .out_count(out_count),
            .out_data(out_data)
        );

      """;
}
