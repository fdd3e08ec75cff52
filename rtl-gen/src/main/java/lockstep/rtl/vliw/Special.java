// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** A special slot: looks codes up in a table, fills tables, and lane by lane inverts. */
final class Special {
  private Special() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_special (
          input logic clk,
          input logic clear,
          input logic step,
          input logic [63:0] word,
          output logic [VECTOR_BITS-1:0] a_index,
          input logic [8*V-1:0] a,
          output logic [TABLE_BITS-1:0] table_index,
          input logic [8*TABLE_CODES-1:0] entries,
          output logic write,
          output logic [VECTOR_BITS-1:0] write_index,
          output logic fill,
          output logic [TABLE_BITS-1:0] fill_table,
          output logic [TABLE_PART_BITS-1:0] fill_part,
          output logic [8*V-1:0] write_data
      );
        //FIELDS special_lookup word lookup_
        //FIELDS special_fill word filled_
        //FIELDS special_reciprocal word inverse_
        logic [8*V-1:0] found;
        logic [8*V-1:0] inverted;
        logic arrives;
        logic filling;

        wire looks_up = word[SPECIAL_OPCODE-1:0] == SPECIAL_OPCODE'(SPECIAL_LOOKUP);
        wire fills = word[SPECIAL_OPCODE-1:0] == SPECIAL_OPCODE'(SPECIAL_FILL);
        wire roots = word[SPECIAL_OPCODE-1:0] == SPECIAL_OPCODE'(SPECIAL_ROOT);
        wire inverts = roots || word[SPECIAL_OPCODE-1:0] == SPECIAL_OPCODE'(SPECIAL_RECIPROCAL);
        assign a_index = fills ? filled_from : inverts ? inverse_from : lookup_from;
        assign table_index = lookup_table;
        assign write = step && arrives && !filling;
        assign fill = step && arrives && filling;

        for (genvar i = 0; i < V; i++) begin : g_code
          wire [7:0] place = a[8*i+:8] ^ 8'h80;
          assign found[8*i+:8] = entries[8*place+:8];
        end

        for (genvar i = 0; i < N; i++) begin : g_lane
          @FAMILY@_inverse inverse (
              .value(a[32*i+:32]),
              .root(roots),
              .exponent(inverse_part),
              .result(inverted[32*i+:32])
          );
        end

        @FAMILY@_delay #(
            .WIDTH (1 + VECTOR_BITS + TABLE_BITS + TABLE_PART_BITS + 8 * V),
            .STAGES(SPECIAL_LATENCY - 1)
        ) results (
            .clk(clk),
            .clear(clear),
            .step(step),
            .valid(looks_up || fills || inverts),
            .value({
              fills,
              inverts ? inverse_to : lookup_to,
              filled_table,
              filled_part,
              fills ? a : inverts ? inverted : found
            }),
            .later_valid(arrives),
            .later_value({filling, write_index, fill_table, fill_part, write_data})
        );
      endmodule
      """;
}
