// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

/**
 * Store, address stage: asks for the write bursts of an instruction, keeps data behind their
 * address, counts responses, retires the instruction with its last one.
 */
final class StoreAddress {
  private StoreAddress() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module systolic_store_address (
          input logic clk,
          input logic rst_n,
          input logic accept,
          input logic [STORE_BITS-1:0] word,
          output logic active,
          output logic full,
          output logic unretired,
          // write addresses
          output logic awvalid,
          input logic awready,
          output logic [31:0] awaddr,
          output logic [7:0] awlen,
          // write data
          output logic data_allowed,
          input logic data_accepted,
          // responses
          input logic response,
          output logic retire,
          output logic signal_load,
          output logic signal_execute
      );
        //FIELDS store word w_
        logic [31:0] burst_address;
        logic [7:0] burst_length;
        logic last_burst;
        logic [1:0] signals;
        logic [O_BITS-1:0] outstanding;
        logic [HELD_BITS:0] beats_allowed;
        logic [2:0] stores;
        logic unused_empty;
        logic unused_full;
        logic [2:0] oldest;

        wire [31:0] stride = w_line_stride;
        wire free = !awvalid || awready;
        wire granted = active && outstanding < O_BITS'(O) && free;

        assign full = stores == 3'd4;
        assign unretired = stores != '0;
        assign data_allowed = beats_allowed != '0;
        assign retire = response && oldest[0];
        assign signal_load = oldest[1];
        assign signal_execute = oldest[2];

        systolic_bursts #(
            .RUN_BITS(16 + CHANNEL_BITS)
        ) bursts (
            .clk(clk),
            .rst_n(rst_n),
            .load(accept),
            .address(w_dram_address),
            .bytes((16 + CHANNEL_BITS)'(w_n_x) * (16 + CHANNEL_BITS)'(w_channels)),
            .stride(stride),
            .runs(w_n_y),
            .active(active),
            .burst_address(burst_address),
            .burst_length(burst_length),
            .last_burst(last_burst),
            .granted(granted)
        );

        systolic_queue #(
            .WIDTH(3),
            .DEPTH(O)
        ) responses (
            .clk(clk),
            .rst_n(rst_n),
            .push(granted),
            .push_data({signals, last_burst}),
            .pop(response),
            .head(oldest),
            .empty(unused_empty),
            .full(unused_full)
        );

        always_ff @(posedge clk) begin
          if (accept) signals <= {w_signal_execute, w_signal_load};
          if (!rst_n) begin
            awvalid <= 1'b0;
            awaddr <= '0;
            awlen <= '0;
            outstanding <= '0;
            beats_allowed <= '0;
            stores <= '0;
          end else begin
            if (granted) begin
              awvalid <= 1'b1;
              awaddr  <= burst_address;
              awlen   <= burst_length;
            end else if (awready) awvalid <= 1'b0;
            outstanding <= outstanding + O_BITS'(granted) - O_BITS'(response);
            beats_allowed <= beats_allowed + (granted ? (HELD_BITS + 1)'(burst_length) + (HELD_BITS + 1)'(1) : '0)
                - (HELD_BITS + 1)'(data_accepted);
            stores <= stores + 3'(accept) - 3'(retire);
          end
        end
      endmodule
      """;
}
