// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.Map;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Execute control: accepts instructions; the {@link ExecuteWeights weight stage} preloads the
 * weights of the next tile while the {@link ExecuteStream stream stage} reads the activations of
 * this one.
 */
final class Execute {
  private Execute() {}

  static VerilogModule module(Sizes sizes) {
    boolean os = sizes.outputStationary;
    return VerilogModule.of(
        sizes,
        VerilogModule.fill(
            PORTS
                + ACCEPT
                + ExecuteWeights.TEXT
                + ExecuteStream.TILES
                + ExecuteStream.PIXELS
                + OUTPUTS,
            Map.of(
                "OS_PORTS", ExecuteOutputStationary.ports(os),
                "OS_STATE", ExecuteOutputStationary.state(os),
                "OS_STEPS", ExecuteOutputStationary.steps(os))));
  }

  private static final String PORTS =
      """
      module systolic_execute (
          input logic clk,
          input logic rst_n,
          // head of the execute queue
          input logic empty,
          input logic [EXECUTE_BITS-1:0] word,
          input logic short_of_tokens,
          output logic accept,
          input logic retire,
          // scratchpad
          output logic activation_read,
          output logic [SA-1:0] activation_row,
          output logic weight_read,
          output logic [SA-1:0] weight_row,
          // array, one cycle after the reads
          output logic a_valid,
          output logic [R-1:0] a_mask,
          output logic swap,
          output logic w_load,
          output logic [HOP_BITS-1:0] w_hops,
      @OS_PORTS@    // accumulator
          output logic pixel,
          output logic [AA-1:0] pixel_row,
          output logic pixel_adds,
          output logic pixel_retires,
          output logic pixel_signals_load,
          output logic pixel_signals_store,
          // account
          output logic busy,
          output logic short_tile,
          output logic waits_for_weights
      );
        //FIELDS execute word w_
      """;

  private static final String ACCEPT =
      """
        // acceptance
        logic [EXECUTES_BITS-1:0] unretired;
        logic stream_empty;
        logic stream_full;
        logic [EXECUTE_BITS-1:0] head;
        logic begins;
        logic weights_active;
        logic weights_end;

      @OS_STATE@
        wire weights_free = !weights_active || weights_end;

        assign accept = !empty && !short_of_tokens && weights_free && !stream_full && same_dataflow;

        systolic_queue #(
            .WIDTH(EXECUTE_BITS),
            .DEPTH(2)
        ) stream_queue (
            .clk(clk),
            .rst_n(rst_n),
            .push(accept),
            .push_data(word),
            .pop(begins),
            .head(head),
            .empty(stream_empty),
            .full(stream_full)
        );

        always_ff @(posedge clk)
          if (!rst_n) unretired <= '0;
          else unretired <= unretired + EXECUTES_BITS'(accept) - EXECUTES_BITS'(retire);

      """;

  private static final String OUTPUTS =
      """
      @OS_STEPS@
        assign activation_read = reads;
        assign activation_row = a_row;
        assign short_tile = !busy && gap != '0;
        assign waits_for_weights = !busy && !short_tile && (between_taps || !stream_empty);

        always_ff @(posedge clk) begin
          a_valid <= rst_n && reads && !os;
          a_mask <= R'(((R + 1)'(1) << e_k_rows) - (R + 1)'(1));
          swap <= rst_n && swaps;
          w_load <= rst_n && weight_read;
          w_hops <= os ? HOP_BITS'(R - 1) : HOP_BITS'(k);
        end
      endmodule
      """;
}
