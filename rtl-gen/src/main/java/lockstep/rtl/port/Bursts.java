// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.port;

import lockstep.rtl.verilog.Constants;
import lockstep.rtl.verilog.VerilogModule;

/**
 * Cuts runs of bytes into bursts of whole beats that never cross a multiple of the burst size: the
 * address generator of load and of store.
 */
public final class Bursts {
  private Bursts() {}

  /** The module of a machine; instances set the width of a run's count of bytes. */
  public static VerilogModule module(Constants sizes) {
    return VerilogModule.of(sizes, TEXT).withParameter("RUN_BITS", 24);
  }

  private static final String TEXT =
      """
      module @FAMILY@_bursts (
          input logic clk,
          input logic rst_n,
          // the first of runs >= 1 runs of bytes >= 1 bytes; run k begins at address + k stride
          input logic load,
          input logic [31:0] address,
          input logic [RUN_BITS-1:0] bytes,
          input logic [31:0] stride,
          input logic [15:0] runs,
          // the next burst
          output logic active,
          output logic [31:0] burst_address,
          output logic [7:0] burst_length,
          output logic last_burst,
          input logic granted
      );
        logic [31:0] first_byte;
        logic [31:0] last_byte;
        logic [31:0] step;
        logic [15:0] runs_left;
        logic [BEAT_BITS-1:0] beat;

        wire [31:0] next_first_byte = first_byte + step;
        wire [31:0] next_last_byte = last_byte + step;
        wire [BEAT_BITS-1:0] to_end = last_byte[31:LW] - beat;
        wire [BEAT_BITS-1:0] to_boundary = ~beat & BEAT_BITS'(BEATS - 1);
        wire ends_run = to_end <= to_boundary;
        wire [BEAT_BITS-1:0] length = ends_run ? to_end : to_boundary;

        assign burst_address = {beat, LW'(0)};
        assign burst_length = 8'(length);
        assign last_burst = ends_run && runs_left == 16'd1;

        always_ff @(posedge clk) begin
          if (!rst_n) active <= 1'b0;
          else if (load) active <= 1'b1;
          else if (granted && last_burst) active <= 1'b0;

          if (load) begin
            first_byte <= address;
            last_byte <= address + 32'(bytes) - 32'd1;
            step <= stride;
            runs_left <= runs;
            beat <= address[31:LW];
          end else if (granted) begin
            if (ends_run) begin
              first_byte <= next_first_byte;
              last_byte <= next_last_byte;
              runs_left <= runs_left - 16'd1;
              beat <= next_first_byte[31:LW];
            end else beat <= beat + length + BEAT_BITS'(1);
          end
        end
      endmodule
      """;
}
