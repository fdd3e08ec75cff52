// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/** Store to the scratchpad: where each chunk of a pixel goes, a row for each pixel. */
final class StoreRows {
  private StoreRows() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module systolic_store_rows (
          input logic clk,
          input logic rst_n,
          input logic accept,
          input logic [STORE_BITS-1:0] word,
          input logic advance,
          input logic chunk,
          input logic [G_BITS-1:0] chunk_bytes,
          input logic [8*G-1:0] chunk_data,
          input logic flush,
          input logic flush_ends,
          output logic ends,
          output logic write,
          output logic [SA-1:0] write_row,
          output logic [P-1:0] write_mask,
          output logic [8*P-1:0] write_data
      );
        //FIELDS store word w_
        logic on_chip;
        logic [SA-1:0] line_row;
        logic [SA-1:0] line_stride;
        logic [SA-1:0] row;
        logic [LANE_BITS-1:0] lane;
        logic [CHANNEL_BITS-1:0] channels;
        logic [LANE_BITS-1:0] position;
        logic [CHANNEL_BITS-1:0] channels_left;

        wire last_chunk = channels_left == CHANNEL_BITS'(chunk_bytes);
        wire [SA-1:0] next_line_row = line_row + line_stride;
        wire [G-1:0] bytes_mask = G'(((G + 1)'(1) << chunk_bytes) - (G + 1)'(1));

        assign ends = on_chip && advance && flush && flush_ends;
        assign write = on_chip && advance && chunk;
        assign write_row = row;
        assign write_mask = P'(bytes_mask) << position;
        assign write_data = (8 * P)'(chunk_data) << {position, 3'b000};

        always_ff @(posedge clk)
          if (!rst_n) on_chip <= 1'b0;
          else if (accept) on_chip <= w_on_chip;

        always_ff @(posedge clk)
          if (accept) begin
            line_row <= w_row;
            line_stride <= w_row_line_stride;
            row <= w_row;
            lane <= w_lane;
            channels <= w_channels;
            position <= w_lane;
            channels_left <= w_channels;
          end else if (advance) begin
            if (flush) begin
              line_row <= next_line_row;
              row <= next_line_row;
            end else if (chunk) begin
              position <= last_chunk ? lane : position + LANE_BITS'(chunk_bytes);
              channels_left <= last_chunk ? channels : channels_left - CHANNEL_BITS'(chunk_bytes);
              if (last_chunk) row <= row + SA'(1);
            end
          end
      endmodule
      """;
}
