// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/** Store, packer: joins the chunks of a line's run into beats with strobes, for the write FIFO. */
final class StorePacker {
  private StorePacker() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module systolic_store_packer (
          input logic clk,
          input logic accept,
          input logic [STORE_BITS-1:0] word,
          input logic advance,
          input logic chunk,
          input logic [G_BITS-1:0] chunk_bytes,
          input logic chunk_ends_line,
          input logic flush,
          input logic [8*G-1:0] chunk_data,
          // beats to the write FIFO
          output logic push,
          output logic push_last,
          output logic [W-1:0] push_strobe,
          output logic [8*W-1:0] push_data
      );
        //FIELDS store word w_
        logic [31:0] line_address;
        logic [31:0] step;
        logic [31:0] address;  // of the next byte
        logic [8*W-1:0] gathered;
        logic [W-1:0] present;
        logic off_chip;

        wire [LW-1:0] lane = address[LW-1:0];
        wire [31:0] next_line_address = line_address + step;
        wire [16*W-1:0] placed = (16*W)'(chunk_data) << {lane, 3'b000};
        wire [W-1:0] bytes_mask = W'(((W + 1)'(1) << chunk_bytes) - (W + 1)'(1));
        wire [2*W-1:0] placed_mask = (2*W)'(bytes_mask) << lane;
        wire [W-1:0] here = placed_mask[W-1:0];
        wire [W-1:0] beyond = placed_mask[2*W-1:W];

        function automatic logic [8*W-1:0] spread(input logic [W-1:0] mask);
          for (int i = 0; i < W; i++) spread[8*i+:8] = {8{mask[i]}};
        endfunction

        wire [8*W-1:0] merged = (gathered & ~spread(here)) | (placed[8*W-1:0] & spread(here));
        wire full = chunk && here[W-1];
        wire ends_burst = (~address[31:LW] & BEAT_BITS'(BEATS - 1)) == '0;

        assign push = advance && off_chip && (full || (flush && present != '0));
        assign push_last = flush || ends_burst || (chunk_ends_line && beyond == '0);
        assign push_strobe = flush ? present : present | here;
        assign push_data = flush ? gathered : merged;

        always_ff @(posedge clk)
          if (accept) begin
            line_address <= w_dram_address;
            address <= w_dram_address;
            step <= $unsigned(w_line_stride);
            present <= '0;
            off_chip <= !w_on_chip;
          end else if (advance) begin
            if (flush) begin
              line_address <= next_line_address;
              address <= next_line_address;
              present <= '0;
            end else if (chunk) begin
              address  <= address + 32'(chunk_bytes);
              gathered <= full ? placed[16*W-1:8*W] : merged;
              present  <= full ? beyond : present | here;
            end
          end
      endmodule
      """;
}
