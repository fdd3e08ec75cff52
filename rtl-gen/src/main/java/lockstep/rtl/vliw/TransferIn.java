// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/**
 * Transfers into local memory: a stage that asks for bursts, one that writes their beats where they
 * belong, or a constant.
 */
final class TransferIn {
  private TransferIn() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module @FAMILY@_transfer_in (
          input logic clk,
          input logic rst_n,
          input logic start,
          input logic [D-1:0] descriptor,
          output logic [Q_BITS-1:0] unfinished,
          // requests for bursts
          output logic ask,
          output logic [31:0] ask_address,
          output logic [7:0] ask_length,
          input logic granted,
          // beats from memory
          input logic beat,
          input logic beat_last,
          input logic [8*W-1:0] beat_data,
          // local memory
          output logic write,
          output logic [S-1:0] write_word,
          output logic [BEAT_COUNT_BITS-1:0] write_count,
          output logic [8*W-1:0] write_data,
          output logic writes_constant
      );
        logic waiting_empty;
        logic unused_waiting_full;
        logic [D-1:0] oldest;
        logic filling_empty;
        logic unused_filling_full;
        logic [D-1:0] oldest_filling;
        logic request_active;
        logic unused_last_burst;
        logic fill_active;
        logic fill_constant;
        logic [7:0] constant;
        logic [BEAT_WORD_BITS-1:0] lead;
        logic unused_ends_burst;
        logic last;
        logic [O_BITS-1:0] outstanding;
        logic received;
        logic [8*W-1:0] received_data;

        wire is_constant = oldest[D-1];
        wire take_memory = !waiting_empty && !is_constant && !request_active && !(fill_active && fill_constant);
        wire take_constant = !waiting_empty && is_constant && !request_active && filling_empty && !fill_active;
        wire advance = fill_active && (fill_constant || received);
        wire finish = advance && last;
        wire fill_next = !filling_empty && (!fill_active || finish);
        wire [D-1:0] filled = take_constant ? oldest : oldest_filling;

        assign ask = request_active && outstanding < O_BITS'(O);
        assign write = advance;
        assign writes_constant = advance && fill_constant;
        assign write_data = fill_constant ? {W{constant}} : received_data >> (8 * WB * lead);

        @FAMILY@_queue #(
            .WIDTH(D),
            .DEPTH(Q)
        ) waiting (
            .clk(clk),
            .rst_n(rst_n),
            .push(start),
            .push_data(descriptor),
            .pop(take_memory || take_constant),
            .head(oldest),
            .empty(waiting_empty),
            .full(unused_waiting_full)
        );

        @FAMILY@_queue #(
            .WIDTH(D),
            .DEPTH(Q)
        ) filling (
            .clk(clk),
            .rst_n(rst_n),
            .push(take_memory),
            .push_data(oldest),
            .pop(fill_next),
            .head(oldest_filling),
            .empty(filling_empty),
            .full(unused_filling_full)
        );

        @FAMILY@_transfer_bursts requests (
            .clk(clk),
            .rst_n(rst_n),
            .load(take_memory),
            .descriptor(oldest),
            .active(request_active),
            .burst_address(ask_address),
            .burst_length(ask_length),
            .last_burst(unused_last_burst),
            .granted(granted)
        );

        @FAMILY@_beats fill (
            .clk(clk),
            .rst_n(rst_n),
            .load(take_constant || fill_next),
            .descriptor(filled),
            .advance(advance),
            .active(fill_active),
            .word(write_word),
            .count(write_count),
            .lead(lead),
            .ends_burst(unused_ends_burst),
            .last(last)
        );

        always_ff @(posedge clk) begin
          if (!rst_n) begin
            outstanding <= '0;
            unfinished <= '0;
            received <= 1'b0;
          end else begin
            outstanding <= outstanding + O_BITS'(granted) - O_BITS'(beat && beat_last);
            unfinished <= unfinished + Q_BITS'(start) - Q_BITS'(finish);
            received <= beat;
          end
          received_data <= beat_data;
          if (take_constant || fill_next) begin
            fill_constant <= take_constant;
            constant <= filled[D-2-:8];
          end
        end
      endmodule
      """;
}
