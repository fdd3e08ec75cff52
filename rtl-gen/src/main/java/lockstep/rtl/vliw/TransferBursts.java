// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.vliw;

import lockstep.rtl.verilog.VerilogModule;

/** The bursts of a transfer, run by run without a pause. */
final class TransferBursts {
  private TransferBursts() {}

  static VerilogModule module(Sizes sizes) {
    return VerilogModule.of(sizes, TEXT.replace("//DESCRIPTOR\n", Descriptor.UNPACK));
  }

  private static final String TEXT =
      """
      module @FAMILY@_transfer_bursts (
          input logic clk,
          input logic rst_n,
          input logic load,
          input logic [D-1:0] descriptor,
          // the next burst
          output logic active,
          output logic [31:0] burst_address,
          output logic [7:0] burst_length,
          output logic last_burst,
          input logic granted
      );
      //DESCRIPTOR
        logic [RUN_WORD_BITS-1:0] words;
        logic last_run;
        logic last_of_run;
        logic [31:0] next_memory;
        logic [S-1:0] next_local;

        wire advance = granted && last_of_run && !last_run;
        wire [RUN_WORD_BITS-1:0] run = load ? d_words : words;
        wire unused_local = &{1'b0, next_local};

        assign last_burst = last_of_run && last_run;

        @FAMILY@_runs runs (
            .clk(clk),
            .load(load),
            .descriptor(descriptor),
            .advance(advance),
            .last(last_run),
            .next_memory(next_memory),
            .next_local(next_local)
        );

        @FAMILY@_bursts #(
            .RUN_BITS(RUN_BYTE_BITS)
        ) bursts (
            .clk(clk),
            .rst_n(rst_n),
            .load(load || advance),
            .address(load ? d_memory : next_memory),
            .bytes(RUN_BYTE_BITS'(run) << WORD_SHIFT),
            .stride('0),
            .runs(16'd1),
            .active(active),
            .burst_address(burst_address),
            .burst_length(burst_length),
            .last_burst(last_of_run),
            .granted(granted)
        );

        always_ff @(posedge clk) if (load) words <= d_words;
      endmodule
      """;
}
