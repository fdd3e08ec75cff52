// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Transfers out of local memory: a reader that makes beats, an address stage that asks for bursts,
 * data kept behind their addresses; the last response of a transfer finishes it.
 */
final class TransferOut {
  private TransferOut() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_transfer_out (
          input logic clk,
          input logic rst_n,
          input logic start,
          input logic [D-1:0] descriptor,
          output logic [Q_BITS-1:0] unfinished,
          // local memory; data in the cycle after
          output logic read,
          output logic [S-1:0] read_word,
          output logic [BEAT_COUNT_BITS-1:0] read_count,
          input logic [8*W-1:0] read_data,
          // write addresses
          output logic awvalid,
          input logic awready,
          output logic [31:0] awaddr,
          output logic [7:0] awlen,
          // write data
          output logic wvalid,
          input logic wready,
          output logic [8*W-1:0] wdata,
          output logic [W-1:0] wstrb,
          output logic wlast,
          // responses
          input logic response
      );
        logic waiting_empty;
        logic unused_waiting_full;
        logic [D-1:0] oldest;
        logic reader_active;
        logic [BEAT_WORD_BITS-1:0] lead;
        logic ends_burst;
        logic unused_last;
        logic address_active;
        logic [31:0] burst_address;
        logic [7:0] burst_length;
        logic last_burst;
        logic [O_BITS-1:0] outstanding;
        logic [HELD_BITS:0] beats_allowed;
        logic [FIFO_BITS-1:0] held;  // beats read and not yet accepted
        logic arrived;
        logic [BEAT_WORD_BITS-1:0] arrived_before;
        logic [BEAT_COUNT_BITS-1:0] arrived_count;
        logic arrived_last;
        logic [BEAT_WORDS-1:0] present;
        logic [W-1:0] strobe;
        logic fifo_empty;
        logic unused_fifo_full;
        logic answers;
        logic unused_empty;
        logic unused_full;

        wire take = !waiting_empty && !reader_active && !address_active;
        wire free = !awvalid || awready;
        wire granted = address_active && outstanding < O_BITS'(O) && free;
        wire accepted = wvalid && wready;
        wire finish = response && answers;

        assign read   = reader_active && held < FIFO_BITS'(FIFO);
        assign wvalid = !fifo_empty && beats_allowed != '0;

        always_comb begin
          present = '0;
          for (int i = 0; i < BEAT_WORDS; i++)
            present[i] = BEAT_COUNT_BITS'(i) >= BEAT_COUNT_BITS'(arrived_before)
                && BEAT_COUNT_BITS'(i) - BEAT_COUNT_BITS'(arrived_before) < arrived_count;
          for (int i = 0; i < BEAT_WORDS; i++) strobe[WB*i+:WB] = {WB{present[i]}};
        end

        @FAMILY@_queue #(
            .WIDTH(D),
            .DEPTH(Q)
        ) waiting (
            .clk(clk),
            .rst_n(rst_n),
            .push(start),
            .push_data(descriptor),
            .pop(take),
            .head(oldest),
            .empty(waiting_empty),
            .full(unused_waiting_full)
        );

        @FAMILY@_beats reader (
            .clk(clk),
            .rst_n(rst_n),
            .load(take),
            .descriptor(oldest),
            .advance(read),
            .active(reader_active),
            .word(read_word),
            .count(read_count),
            .lead(lead),
            .ends_burst(ends_burst),
            .last(unused_last)
        );

        @FAMILY@_transfer_bursts addresses (
            .clk(clk),
            .rst_n(rst_n),
            .load(take),
            .descriptor(oldest),
            .active(address_active),
            .burst_address(burst_address),
            .burst_length(burst_length),
            .last_burst(last_burst),
            .granted(granted)
        );

        @FAMILY@_write_fifo #(
            .WIDTH(9 * W + 1),
            .DEPTH(FIFO)
        ) write_fifo (
            .clk(clk),
            .rst_n(rst_n),
            .push(arrived),
            .push_data({arrived_last, strobe, read_data << (8 * WB * arrived_before)}),
            .pop(accepted),
            .head({wlast, wstrb, wdata}),
            .empty(fifo_empty),
            .full(unused_fifo_full)
        );

        @FAMILY@_queue #(
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

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            awvalid <= 1'b0;
            awaddr <= '0;
            awlen <= '0;
            outstanding <= '0;
            beats_allowed <= '0;
            held <= '0;
            arrived <= 1'b0;
            unfinished <= '0;
          end else begin
            if (granted) begin
              awvalid <= 1'b1;
              awaddr  <= burst_address;
              awlen   <= burst_length;
            end else if (awready) awvalid <= 1'b0;
            outstanding <= outstanding + O_BITS'(granted) - O_BITS'(response);
            beats_allowed <= beats_allowed + (granted ? (HELD_BITS + 1)'(burst_length) + (HELD_BITS + 1)'(1) : '0)
                - (HELD_BITS + 1)'(accepted);
            held <= held + FIFO_BITS'(read) - FIFO_BITS'(accepted);
            arrived <= read;
            unfinished <= unfinished + Q_BITS'(start) - Q_BITS'(finish);
          end
          arrived_before <= lead;
          arrived_count <= read_count;
          arrived_last <= ends_burst;
        end
      endmodule
      """;
}
