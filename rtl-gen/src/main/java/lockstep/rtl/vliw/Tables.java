// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** The tables that special slots look up and fill: of 256 codes, that of code -128 first. */
final class Tables {
  private Tables() {}

  /** The module; instances set the number of special slots. */
  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT).withParameter("USERS", 1);
  }

  private static final String TEXT =
      """
      module @FAMILY@_tables (
          input logic clk,
          input logic [USERS*TABLE_BITS-1:0] read_table,
          output logic [USERS*8*TABLE_CODES-1:0] read_entries,
          input logic [USERS-1:0] fill,
          input logic [USERS*TABLE_BITS-1:0] fill_table,
          input logic [USERS*TABLE_PART_BITS-1:0] fill_part,
          input logic [USERS*8*V-1:0] fill_data
      );
        logic [8*TABLE_CODES-1:0] codes[0:TABLES-1];

        for (genvar i = 0; i < USERS; i++) begin : g_reader
          wire [TABLE_BITS-1:0] index = read_table[TABLE_BITS*i+:TABLE_BITS];
          assign read_entries[8*TABLE_CODES*i+:8*TABLE_CODES] = codes[index];
        end

        always_ff @(posedge clk)
          for (int i = 0; i < USERS; i++)
            if (fill[i])
              codes[fill_table[TABLE_BITS*i+:TABLE_BITS]][8*V*fill_part[TABLE_PART_BITS*i+:TABLE_PART_BITS]+:8*V] <= fill_data[8*V*i+:8*V];
      endmodule
      """;
}
