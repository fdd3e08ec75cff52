// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.memory;

import lockstep.rtl.verilog.VerilogModule;

/** The one memory module: every SRAM of every machine is an instance of it. */
public final class Sram {
  /** The module's name, the same in all families. */
  public static final String NAME = "sram_1r1w";

  private Sram() {}

  /** The module; instances set depth, width and mask. */
  public static VerilogModule module() {
    return new VerilogModule(NAME, TEXT);
  }

  private static final String TEXT =
      """
      // One read port, one write port, both synchronous. Replace this module by a memory macro.
      // read_data follows one cycle after read and keeps its value until the next read. A word that is
      // read and written in the same cycle is never used. A mask bit enables WIDTH / MASK_BITS bits.
      module sram_1r1w #(
          parameter int DEPTH = 16,
          parameter int ADDRESS_BITS = 4,
          parameter int WIDTH = 8,
          parameter int MASK_BITS = 1
      ) (
          input logic clk,
          input logic read,
          input logic [ADDRESS_BITS-1:0] read_address,
          output logic [WIDTH-1:0] read_data,
          input logic write,
          input logic [ADDRESS_BITS-1:0] write_address,
          input logic [MASK_BITS-1:0] write_mask,
          input logic [WIDTH-1:0] write_data
      );
        localparam int LANE = WIDTH / MASK_BITS;

        logic [WIDTH-1:0] memory[0:DEPTH-1];

        always_ff @(posedge clk) if (read) read_data <= memory[read_address];

        if (MASK_BITS == 1) begin : g_whole
          always_ff @(posedge clk) if (write && write_mask[0]) memory[write_address] <= write_data;
        end else begin : g_masked
          function automatic logic [WIDTH-1:0] spread(input logic [MASK_BITS-1:0] mask);
            for (int i = 0; i < MASK_BITS; i++) spread[i*LANE+:LANE] = {LANE{mask[i]}};
          endfunction

          always_ff @(posedge clk)
            if (write)
              memory[write_address] <= (memory[write_address] & ~spread(
                  write_mask
              )) | (write_data & spread(
                  write_mask
              ));
        end
      endmodule
      """;
}
