// SPDX-License-Identifier: Apache-2.0
package lockstep.rtl.systolic;

import java.util.List;
import java.util.Map;
import lockstep.rtl.memory.Banks;
import lockstep.rtl.verilog.VerilogModule;

/**
 * The accumulator: banks of int32 rows. A delay line carries each pixel's row address past the
 * array; then the old row is read, added to the array's result, written.
 *
 * <pre>
 * cycle  t            pixel enters the delay line (its activation row is being read)
 *        t + DELAY    old row read
 *        + 1          old row held
 *        + 2          result of the array added, row written; retire after the last pixel
 * </pre>
 */
final class Accumulator {
  private Accumulator() {}

  static VerilogModule module(Sizes sizes) {
    Banks banks =
        new Banks(
            sizes.architecture.accumulator().banks(),
            sizes.architecture.accumulator().rowsPerBank(),
            "AA",
            "A_ROW_BITS",
            "A_BANK_BITS",
            "32*C",
            "1",
            List.of("add", "output"),
            List.of("write"));
    return VerilogModule.of(sizes, VerilogModule.fill(TEXT, Map.of("BANKS", banks.text())));
  }

  private static final String TEXT =
      """
      module systolic_accumulator (
          input logic clk,
          input logic rst_n,
          // a pixel on its way through the array
          input logic pixel,
          input logic [AA-1:0] pixel_row,
          input logic pixel_adds,
          input logic pixel_retires,
          input logic pixel_signals_load,
          input logic pixel_signals_store,
          input logic [32*C-1:0] result,
          output logic retire,
          output logic signal_load,
          output logic signal_store,
          output logic add_read,
          output logic write,
          // store
          input logic output_read,
          input logic [AA-1:0] output_row,
          output logic [32*C-1:0] output_data,
          output logic conflict
      );
        logic [DELAY-1:0] line_valid;
        logic [AA+3:0] line[0:DELAY-1];
        logic [DELAY_BITS-1:0] position;

        wire arrived = line_valid[position];
        wire [AA+3:0] arrival = line[position];
        wire [AA-1:0] add_row = arrival[AA-1:0];

        assign add_read = arrived && arrival[AA];

        always_ff @(posedge clk) begin
          line[position] <= {
            pixel_signals_store, pixel_signals_load, pixel_retires, pixel_adds, pixel_row
          };
          if (!rst_n) begin
            line_valid <= '0;
            position   <= '0;
          end else begin
            line_valid[position] <= pixel;
            position <= position == DELAY_BITS'(DELAY - 1) ? '0 : position + DELAY_BITS'(1);
          end
        end

        logic held_valid;
        logic [AA+3:0] held;
        logic sum_valid;
        logic [AA+3:0] sum;
        logic [32*C-1:0] old;

        always_ff @(posedge clk) begin
          held_valid <= rst_n && arrived;
          held <= arrival;
          sum_valid <= rst_n && held_valid;
          sum <= held;
          if (held_valid && held[AA]) old <= add_word;
        end

        function automatic logic [32*C-1:0] added(input logic [32*C-1:0] a, input logic [32*C-1:0] b);
          for (int n = 0; n < C; n++) added[32*n+:32] = a[32*n+:32] + b[32*n+:32];
        endfunction

        wire [AA-1:0] write_row = sum[AA-1:0];
        wire [32*C-1:0] write_data = sum[AA] ? added(result, old) : result;
        wire write_mask = 1'b1;

        assign write = sum_valid;
        assign retire = sum_valid && sum[AA+1];
        assign signal_load = sum[AA+2];
        assign signal_store = sum[AA+3];

      @BANKS@
        assign output_data = output_word;
      endmodule
      """;
}
