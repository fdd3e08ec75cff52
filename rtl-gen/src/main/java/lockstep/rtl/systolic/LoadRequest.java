// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import lockstep.rtl.verilog.VerilogModule;

/** Load, first stage: accepts an instruction and asks for the bursts of its runs. */
final class LoadRequest {
  private LoadRequest() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT);
  }

  private static final String TEXT =
      """
      module systolic_load_request (
          input logic clk,
          input logic rst_n,
          // head of the load queue
          input logic empty,
          input logic [LOAD_BITS-1:0] word,
          input logic short_of_tokens,
          input logic descriptors_full,
          output logic accept,
          // requests for bursts
          output logic ask,
          output logic [31:0] ask_address,
          output logic [7:0] ask_length,
          input logic granted,
          input logic burst_consumed,
          output logic active
      );
        //FIELDS load word w_
        logic [O_BITS-1:0] outstanding;
        logic last_burst;

        wire [15:0] end_line = w_last_line < w_lines ? w_last_line : w_lines;
        wire has_runs = w_first_byte < w_last_byte && w_first_line < end_line;
        wire [31:0] stride = w_line_stride;
        wire [31:0] first_run = w_dram_address + 32'(w_first_line) * stride + 32'(w_first_byte);
        wire unused_last_burst = &{1'b0, last_burst};

        assign accept = !empty && !short_of_tokens && !active && !descriptors_full;
        assign ask = active && outstanding < O_BITS'(O);

        systolic_bursts #(
            .RUN_BITS(24)
        ) bursts (
            .clk(clk),
            .rst_n(rst_n),
            .load(accept && has_runs),
            .address(first_run),
            .bytes(w_last_byte - w_first_byte),
            .stride(stride),
            .runs(end_line - w_first_line),
            .active(active),
            .burst_address(ask_address),
            .burst_length(ask_length),
            .last_burst(last_burst),
            .granted(granted)
        );

        always_ff @(posedge clk)
          if (!rst_n) outstanding <= '0;
          else outstanding <= outstanding + O_BITS'(granted) - O_BITS'(burst_consumed);
      endmodule
      """;
}
