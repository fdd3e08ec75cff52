// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Store, address stage: asks for the write bursts of an instruction, keeps data behind their
 * address, counts responses; retires instructions in order, one a cycle: those to memory with their
 * last response, those to the scratchpad in the cycle after their last flush.
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
          input logic ends_on_chip,
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
        logic [O_BITS-1:0] outstanding;
        logic [HELD_BITS:0] beats_allowed;
        logic [2:0] stores;
        logic unused_empty;
        logic unused_full;
        logic unused_no_store;
        logic unused_stores_full;
        logic answers;
        logic [2:0] oldest;
        logic [2:0] answered;  // stores whose last response came before they could retire
        logic [2:0] kept;  // stores to the scratchpad that are done

        wire [31:0] stride = w_line_stride;
        wire free = !awvalid || awready;
        wire granted = active && outstanding < O_BITS'(O) && free;

        assign full = stores == 3'd4;
        assign unretired = stores != '0;
        assign data_allowed = beats_allowed != '0;
        wire answer = response && answers;
        wire retire_off_chip = unretired && !oldest[0] && (answer || answered != '0);
        wire retire_on_chip = unretired && oldest[0] && kept != '0;
        assign retire = retire_off_chip || retire_on_chip;
        assign signal_load = oldest[1];
        assign signal_execute = oldest[2];

        systolic_bursts #(
            .RUN_BITS(16 + CHANNEL_BITS)
        ) bursts (
            .clk(clk),
            .rst_n(rst_n),
            .load(accept && !w_on_chip),
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
            .WIDTH(1),
            .DEPTH(O)
        ) responses (
            .clk(clk),
            .rst_n(rst_n),
            .push(granted),
            .push_data(last_burst),
            .pop(response),
            .head(answers),
            .empty(unused_empty),
            .full(unused_full)
        );

        systolic_queue #(
            .WIDTH(3),
            .DEPTH(4)
        ) unretired_stores (
            .clk(clk),
            .rst_n(rst_n),
            .push(accept),
            .push_data({w_signal_execute, w_signal_load, w_on_chip}),
            .pop(retire),
            .head(oldest),
            .empty(unused_no_store),
            .full(unused_stores_full)
        );

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            awvalid <= 1'b0;
            awaddr <= '0;
            awlen <= '0;
            outstanding <= '0;
            beats_allowed <= '0;
            stores <= '0;
            answered <= '0;
            kept <= '0;
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
            answered <= answered + 3'(answer) - 3'(retire_off_chip);
            kept <= kept + 3'(ends_on_chip) - 3'(retire_on_chip);
          end
        end
      endmodule
      """;
}
